package dev.kapell.app.command;

import dev.kapell.app.cluster.LocalCluster;
import dev.kapell.app.cluster.Machine;
import dev.kapell.app.server.ServerLog;
import dev.kapell.app.server.Teardown;
import dev.kapell.app.terminal.Screen;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kapell down}: nothing runs any more. */
@Command(
    name = "down",
    description =
        "Stops the pods, the container runtime and the server. What was applied is kept for the next up.")
final class DownCommand implements Callable<Integer> {
  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

  @Mixin private ClusterOptions options = new ClusterOptions();

  @Option(
      names = "--purge",
      description = "Also remove all data: objects, images, volumes, certificates.")
  private boolean purge;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "The longest that a container gets to end by itself (default: ${DEFAULT-VALUE}).")
  private long graceSeconds = 10;

  @Override
  public Integer call() throws InterruptedException {
    ServerLog.configureQuiet();
    Machine.requireRoot("kapell down");
    LocalCluster cluster = options.cluster();
    Screen screen = Screen.standard();
    if (!Files.exists(cluster.dataDir().root())) {
      screen.line("nothing to stop: there is no cluster in " + cluster.dataDir().root());
      return 0;
    }
    boolean ran = cluster.stop(STOP_LIMIT);
    Teardown.of(cluster.dataDir()).run(purge, Duration.ofSeconds(Math.max(0, graceSeconds)));
    screen.line(
        (ran ? "stopped" : "it did not run")
            + (purge
                ? "; "
                    + cluster.dataDir().root()
                    + (Files.exists(cluster.dataDir().root())
                        ? " is emptied (it is a mount point)"
                        : " is removed")
                : "; data is kept in " + cluster.dataDir().root()));
    return 0;
  }
}
