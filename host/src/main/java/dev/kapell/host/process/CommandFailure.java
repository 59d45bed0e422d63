package dev.kapell.host.process;

import org.jspecify.annotations.Nullable;

/** A program that could not be started, took too long or failed. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A failure in words; {@code exitCode} is -1 when the program did not end by itself. */
  public CommandFailure(String message, int exitCode, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The program's exit code, -1 when it did not end by itself. */
  public int exitCode() {
    return exitCode;
  }
}
