package dev.kapell.app.command;

import dev.kapell.app.terminal.UserError;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kapell} itself. */
@Command(
    name = "kapell",
    description = "Runs containers from Kubernetes manifests and Compose files.",
    mixinStandardHelpOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ApplyCommand.class,
      GetCommand.class,
      LogsCommand.class,
      ExecCommand.class,
      DeleteCommand.class,
      ImageCommand.class,
      ComposeCommand.class,
      KubectlCommand.class,
      ServerCommand.class,
      RotateKeyCommand.class,
      VersionCommand.class,
      KapellCommand.CompletionCommand.class,
      TrainCommand.class,
      HelpCommand.class
    })
public final class KapellCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by the command line. */
  public KapellCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  /** {@code kapell completion}. */
  @Command(
      name = "completion",
      description = "Prints a completion script for bash and zsh: source <(kapell completion)")
  static final class CompletionCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "bash|zsh", description = "The same script for both.")
    private String shell = "bash";

    @Override
    public void run() {
      if (!shell.equals("bash") && !shell.equals("zsh")) {
        throw new UserError("no completion for " + shell + "; there is one for bash and zsh");
      }
      System.out.println(AutoComplete.bash("kapell", spec.root().commandLine()));
    }
  }
}
