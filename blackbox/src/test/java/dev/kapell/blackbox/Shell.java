package dev.kapell.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands and keeps what they print. */
final class Shell {
  private Shell() {}

  /** How a command ended. */
  record Result(List<String> command, int code, String output) {
    /** Fails the test unless the command succeeded; returns its output. */
    String ok() {
      assertThat(code).as("%s printed:%n%s", String.join(" ", command), output).isZero();
      return output;
    }

    /** Fails the test unless the command failed; returns its output. */
    String refused() {
      assertThat(code)
          .as("%s should fail but printed:%n%s", String.join(" ", command), output)
          .isNotZero();
      return output;
    }
  }

  /** Runs {@code command} with its standard input from {@code input}, at most two minutes. */
  static Result run(Map<String, String> environment, String input, String... command) {
    try {
      Path output = Files.createTempFile("kapell-blackbox", ".out");
      Path stdin = Files.createTempFile("kapell-blackbox", ".in");
      try {
        Files.writeString(stdin, input);
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(stdin.toFile())
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
          return new Result(List.of(command), 124, Files.readString(output) + "\n(timed out)");
        }
        return new Result(
            List.of(command),
            process.exitValue(),
            new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
      } finally {
        Files.deleteIfExists(output);
        Files.deleteIfExists(stdin);
      }
    } catch (IOException e) {
      return new Result(List.of(command), 127, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while " + String.join(" ", command), e);
    }
  }
}
