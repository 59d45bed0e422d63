package dev.kapell.app;

import dev.kapell.app.command.KapellCommand;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.http.UnreachableException;
import picocli.CommandLine;

/** The program: {@code kapell COMMAND}. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs one command and returns its exit code. */
  public static int run(String... arguments) {
    CommandLine commandLine = new CommandLine(new KapellCommand());
    commandLine.setExecutionExceptionHandler(Main::explain);
    passEverythingOn(commandLine.getSubcommands().get("kubectl"));
    commandLine.setUsageHelpAutoWidth(true);
    return commandLine.execute(arguments);
  }

  /** Every word after it is for another program: its options, its {@code --}, its {@code @}. */
  private static void passEverythingOn(CommandLine command) {
    command.setUnmatchedOptionsArePositionalParams(true);
    command.setEndOfOptionsDelimiter("\0");
    command.setExpandAtFiles(false);
  }

  /** What a person can mend is one sentence; everything else is a bug of ours and shows where. */
  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    switch (failure) {
      case UserError error -> System.err.println("kapell: " + error.getMessage());
      case UnreachableException error -> System.err.println("kapell: " + error.getMessage());
      case ApiFailure error -> System.err.println("kapell: " + error.getMessage());
      default -> {
        System.err.println("kapell: this is a bug, please report it:");
        failure.printStackTrace(System.err);
      }
    }
    return 1;
  }
}
