package dev.kapell.app.command;

import dev.kapell.app.terminal.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
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
    synopsisSubcommandLabel = "COMMAND")
public final class KapellCommand implements Runnable {
  /** In the order in which help lists them. */
  private static final Map<String, Class<?>> COMMANDS = commands();

  /** What these do, they do for every command. */
  private static final Set<String> TAKES_ALL = Set.of("completion", "help");

  @Spec private CommandSpec spec;

  /** Made by the command line. */
  public KapellCommand() {
    this.spec = CommandSpec.create();
  }

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("up", UpCommand.class);
    commands.put("down", DownCommand.class);
    commands.put("status", StatusCommand.class);
    commands.put("why", WhyCommand.class);
    commands.put("plan", PlanCommand.class);
    commands.put("apply", ApplyCommand.class);
    commands.put("get", GetCommand.class);
    commands.put("logs", LogsCommand.class);
    commands.put("exec", ExecCommand.class);
    commands.put("delete", DeleteCommand.class);
    commands.put("image", ImageCommand.class);
    commands.put("compose", ComposeCommand.class);
    commands.put("kubectl", KubectlCommand.class);
    commands.put("server", ServerCommand.class);
    commands.put("simulate", SimulateCommand.class);
    commands.put("rotate-encryption-key", RotateKeyCommand.class);
    commands.put("version", VersionCommand.class);
    commands.put("completion", CompletionCommand.class);
    commands.put("train", TrainCommand.class);
    commands.put("help", HelpCommand.class);
    return commands;
  }

  /**
   * The command line that reads {@code arguments}. Where they begin with a command, it knows no
   * other: reading the options of all of them would take a quarter of a start.
   */
  public static CommandLine commandLine(String... arguments) {
    CommandLine all = new CommandLine(new KapellCommand());
    String first = arguments.length == 0 ? "" : arguments[0];
    boolean alone = COMMANDS.containsKey(first) && !TAKES_ALL.contains(first);
    (alone ? Set.of(first) : COMMANDS.keySet())
        .forEach(name -> all.addSubcommand(name, COMMANDS.get(name)));
    return all;
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
