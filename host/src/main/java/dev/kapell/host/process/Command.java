package dev.kapell.host.process;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program to run, with bounds.
 *
 * @param arguments the program and its arguments; no shell is involved
 * @param input what it reads from standard input
 * @param environment on top of ours
 * @param limit how long it may take
 * @param outputLimitBytes how much of each output stream is kept; the rest is read and dropped
 */
public record Command(
    List<String> arguments,
    byte[] input,
    Map<String, String> environment,
    Duration limit,
    int outputLimitBytes) {

  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);
  private static final int DEFAULT_OUTPUT_BYTES = 16 << 20;

  /** Copies the collections. */
  public Command {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /** A program with arguments: 30 seconds, 16 MiB of output, no input. */
  public static Command of(String... arguments) {
    return of(List.of(arguments));
  }

  /** A program with arguments: 30 seconds, 16 MiB of output, no input. */
  public static Command of(List<String> arguments) {
    return new Command(arguments, new byte[0], Map.of(), DEFAULT_LIMIT, DEFAULT_OUTPUT_BYTES);
  }

  /** A copy that reads {@code text}. */
  public Command withInput(String text) {
    return new Command(
        arguments, text.getBytes(StandardCharsets.UTF_8), environment, limit, outputLimitBytes);
  }

  /** A copy with these variables. */
  public Command withEnvironment(Map<String, String> value) {
    return new Command(arguments, input, value, limit, outputLimitBytes);
  }

  /** A copy that may take {@code value}. */
  public Command withLimit(Duration value) {
    return new Command(arguments, input, environment, value, outputLimitBytes);
  }

  @Override
  public String toString() {
    return String.join(" ", arguments);
  }
}
