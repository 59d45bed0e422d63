package dev.kapell.host.process;

/**
 * How a program ended.
 *
 * @param exitCode 128 + signal when a signal ended it
 * @param stdout as UTF-8
 * @param stderr as UTF-8
 */
public record CommandResult(int exitCode, String stdout, String stderr) {
  /** Standard output, or a {@link CommandFailure} when the exit code is not 0. */
  public String orThrow(Command command) {
    if (exitCode != 0) {
      String said = stderr.isBlank() ? stdout : stderr;
      throw new CommandFailure(
          command + ": exit code " + exitCode + ": " + said.strip(), exitCode, null);
    }
    return stdout;
  }
}
