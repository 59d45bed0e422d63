package dev.kapell.host.runtime;

import java.nio.charset.StandardCharsets;

/** What a command wrote, and how it ended. */
public record ExecResult(byte[] stdout, byte[] stderr, int exitCode) {
  /** Standard output as UTF-8. */
  public String stdoutText() {
    return new String(stdout, StandardCharsets.UTF_8);
  }

  /** Standard error as UTF-8. */
  public String stderrText() {
    return new String(stderr, StandardCharsets.UTF_8);
  }
}
