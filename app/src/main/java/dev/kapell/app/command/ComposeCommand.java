package dev.kapell.app.command;

import dev.kapell.app.cluster.LocalCluster;
import dev.kapell.app.compose.ComposeSession;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import dev.kapell.base.Clock;
import dev.kapell.client.http.Connection;
import dev.kapell.compose.ComposeProject;
import dev.kapell.compose.file.ComposeFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code kapell compose up|down|ps|logs}. */
@Command(
    name = "compose",
    description = "Runs the services of a Compose file.",
    synopsisSubcommandLabel = "(up | down | ps | logs)",
    subcommands = {
      ComposeCommand.Up.class,
      ComposeCommand.Down.class,
      ComposeCommand.Ps.class,
      ComposeCommand.Logs.class
    })
final class ComposeCommand implements Callable<Integer> {

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE|DIR",
      defaultValue = ".",
      description = "The Compose file or its folder (default: here).")
  private Path file = Path.of(".");

  @Option(
      names = {"-p", "--project-name"},
      paramLabel = "NAME",
      defaultValue = "",
      description = "The project's name (default: the file's, else its folder's).")
  private String projectName = "";

  private LocalCluster cluster() {
    return cluster.cluster();
  }

  private ComposeProject project() {
    try {
      return ComposeProject.load(
          new ComposeProject.Source(
              file.toAbsolutePath().normalize(),
              System.getenv(),
              Optional.of(projectName).filter(name -> !name.isEmpty()),
              cluster().dataDir().volumes()));
    } catch (ComposeFailure e) {
      throw new UserError(e.getMessage());
    }
  }

  @Override
  public Integer call() {
    throw new UserError("kapell compose up [-d], down [-v], ps, or logs [-f]");
  }

  /** {@code kapell compose up}. */
  @Command(
      name = "up",
      description = "Brings the services up in order, and shows their logs unless -d.")
  static final class Up implements Callable<Integer> {
    @ParentCommand private ComposeCommand options = new ComposeCommand();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
        names = {"-d", "--detach"},
        description = "Return when the services run.")
    private boolean detach;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "180",
        description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private long timeoutSeconds = 180;

    @Override
    public Integer call() throws InterruptedException {
      ComposeProject project = options.project();
      Screen screen = Screen.standard();
      project.warnings().forEach(warning -> System.err.println("warning: " + warning));
      Optional<Connection> ready = options.cluster().connectIfReady();
      if (ready.isEmpty()) {
        int code =
            new CommandLine(new UpCommand())
                .setExecutionExceptionHandler(spec.commandLine().getExecutionExceptionHandler())
                .execute("--data-dir", options.cluster().dataDir().root().toString());
        if (code != 0) {
          return code;
        }
      }
      try (Connection connection = ready.orElseGet(options.cluster()::connect)) {
        ComposeSession session = new ComposeSession(connection, project, screen, Clock.system());
        session.up(Duration.ofSeconds(timeoutSeconds));
        if (!detach) {
          return session.logs(true) ? 0 : 1;
        }
      }
      return 0;
    }
  }

  /** {@code kapell compose down}. */
  @Command(name = "down", description = "Removes the services; with -v also the named volumes.")
  static final class Down implements Callable<Integer> {
    @ParentCommand private ComposeCommand options = new ComposeCommand();

    @Option(
        names = {"-v", "--volumes"},
        description = "Also remove the project's named volumes.")
    private boolean volumes;

    @Override
    public Integer call() throws InterruptedException {
      ComposeProject project = options.project();
      try (Connection connection = options.cluster().connect()) {
        new ComposeSession(connection, project, Screen.standard(), Clock.system()).down(volumes);
      }
      return 0;
    }
  }

  /** {@code kapell compose ps}. */
  @Command(name = "ps", description = "Lists the project's pods.")
  static final class Ps implements Callable<Integer> {
    @ParentCommand private ComposeCommand options = new ComposeCommand();
    @Mixin private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
      ComposeProject project = options.project();
      try (Connection connection = options.cluster().connect()) {
        ComposeSession session =
            new ComposeSession(connection, project, Screen.standard(), Clock.system());
        if (json.isWanted()) {
          JsonOption.print(session.rows());
        } else {
          session.ps();
        }
      }
      return 0;
    }
  }

  /** {@code kapell compose logs}. */
  @Command(name = "logs", description = "Prints what the services print.")
  static final class Logs implements Callable<Integer> {
    @ParentCommand private ComposeCommand options = new ComposeCommand();

    @Option(
        names = {"-f", "--follow"},
        description = "Go on as lines come.")
    private boolean follow;

    @Override
    public Integer call() throws InterruptedException {
      ComposeProject project = options.project();
      try (Connection connection = options.cluster().connect()) {
        ComposeSession session =
            new ComposeSession(connection, project, Screen.standard(), Clock.system());
        return session.logs(follow) ? 0 : 1;
      }
    }
  }
}
