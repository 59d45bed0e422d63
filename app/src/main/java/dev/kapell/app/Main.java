package dev.kapell.app;

import dev.kapell.app.command.KapellCommand;
import dev.kapell.app.terminal.UserError;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.http.PemTls;
import dev.kapell.client.http.UnreachableException;
import java.lang.System.Logger.Level;
import java.util.Set;
import picocli.CommandLine;

/** The program: {@code kapell COMMAND}. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
public final class Main {
  private static final System.Logger LOG = System.getLogger("kapell.app");

  /** These speak with no server; and a server that starts again signs nothing before it serves. */
  private static final Set<String> WITHOUT_TLS =
      Set.of("completion", "help", "kubectl", "server", "simulate", "train", "version");

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    if (arguments.length > 0 && !WITHOUT_TLS.contains(arguments[0])) {
      prepareTls();
    }
    System.exit(run(arguments));
  }

  /** On the other processor, while this one reads the command line. The process ends without it. */
  private static void prepareTls() {
    new TaskScope("tls", (task, cause) -> LOG.log(Level.WARNING, "cannot " + task, cause))
        .startPlatform("prepare", PemTls::prepare);
  }

  /** Runs one command and returns its exit code. */
  public static int run(String... arguments) {
    CommandLine commandLine = KapellCommand.commandLine(arguments);
    commandLine.setExecutionExceptionHandler(Main::explain);
    commandLine.setParameterExceptionHandler(Main::correct);
    CommandLine kubectl = commandLine.getSubcommands().get("kubectl");
    if (kubectl != null) {
      passEverythingOn(kubectl);
    }
    commandLine.setUsageHelpAutoWidth(true);
    offerHelp(commandLine);
    return commandLine.execute(arguments);
  }

  /** {@code --help} at every command, but for kubectl, which has its own. */
  private static void offerHelp(CommandLine command) {
    CommandLine.Model.CommandSpec spec = command.getCommandSpec();
    if (spec.name().equals("kubectl") || spec.name().equals("help")) {
      return;
    }
    spec.addOption(
        CommandLine.Model.OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Shows this text.")
            .build());
    Set.copyOf(command.getSubcommands().values())
        .forEach(Main::offerHelp); // an alias is no further command
  }

  /** Wrong usage: what is wrong, and where the right one stands. */
  private static int correct(CommandLine.ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    System.err.println("kapell: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
    System.err.println("see: " + command.getCommandSpec().qualifiedName() + " --help");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** Every word after it is for another program: its options, its {@code --}, its {@code @}. */
  private static void passEverythingOn(CommandLine command) {
    command.setUnmatchedOptionsArePositionalParams(true);
    command.setEndOfOptionsDelimiter("\0");
    command.setExpandAtFiles(false);
  }

  /** What a person can mend is one sentence; everything else is a bug of ours and shows where. */
  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
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
