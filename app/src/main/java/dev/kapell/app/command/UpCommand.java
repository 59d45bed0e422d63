package dev.kapell.app.command;

import dev.kapell.app.cluster.LocalCluster;
import dev.kapell.app.cluster.Machine;
import dev.kapell.app.manifest.Applier.Applied;
import dev.kapell.app.manifest.Manifest;
import dev.kapell.app.manifest.Manifests;
import dev.kapell.app.progress.NodeReadiness;
import dev.kapell.app.progress.Rollout;
import dev.kapell.app.terminal.Screen;
import dev.kapell.base.Clock;
import dev.kapell.client.http.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kapell up [FILE|DIR…]}: a running cluster, and in it what the manifests say. */
@Command(
    name = "up",
    description =
        "Starts the cluster if it does not run, applies manifests and waits until they run.")
final class UpCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private NamespaceOption namespace = new NamespaceOption();
  @Mixin private ServerOptionsMixin serverOptions = new ServerOptionsMixin();
  @Mixin private OperationsMixin operations = new OperationsMixin();
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(arity = "0..*", paramLabel = "FILE|DIR", description = "Manifests; none: only start.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--install",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Install missing runtime packages (default), or --no-install to only name them.")
  private boolean install = true;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Wait until the workloads run (default).")
  private boolean wait = true;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "180",
      description = "How long to wait (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds = 180;

  @Override
  public Integer call() throws InterruptedException {
    List<Manifest> manifests = paths.isEmpty() ? List.of() : Manifests.read(paths, System.in);
    Screen screen = json.isWanted() ? Screen.ofErrors() : Screen.standard();
    LocalCluster cluster = options.cluster();
    try (Connection connection = running(cluster, screen)) {
      List<Applied> applied =
          manifests.isEmpty()
              ? List.of()
              : ApplyCommand.apply(connection, namespace.namespace(), manifests, false);
      ApplyCommand.report(applied, screen);
      Duration limit = Duration.ofSeconds(timeoutSeconds);
      new NodeReadiness(connection, screen, Clock.system(), cluster.startedAt()).await(limit);
      if (wait) {
        new Rollout(connection, screen, Clock.system()).await(applied, limit);
      }
      report(cluster, applied, screen);
    }
    return 0;
  }

  /** A connection to the cluster, which is started when it does not run. */
  private Connection running(LocalCluster cluster, Screen screen) throws InterruptedException {
    Optional<Connection> ready = cluster.connectIfReady();
    if (ready.isPresent()) {
      return ready.get();
    }
    Machine.requireRoot("kapell up");
    Machine.requirePackages(install, screen);
    if (cluster.supervisor().isPresent()) {
      cluster.awaitReady();
    } else {
      start(cluster, screen);
    }
    return cluster.connect();
  }

  private void start(LocalCluster cluster, Screen screen) throws InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("--data-dir", cluster.dataDir().root().toString()));
    arguments.addAll(serverOptions.arguments());
    arguments.addAll(operations.arguments());
    cluster.start(arguments);
    screen.line("Kapell runs; data in " + cluster.dataDir().root());
  }

  private void report(LocalCluster cluster, List<Applied> applied, Screen screen) {
    List<String> urls = applied.stream().flatMap(one -> Urls.of(one).stream()).toList();
    if (json.isWanted()) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("kubeconfig", cluster.dataDir().kubeconfig().toString());
      result.put("objects", ApplyCommand.rows(applied));
      result.put("urls", new ArrayList<Object>(urls));
      JsonOption.print(result);
      return;
    }
    if (applied.isEmpty()) {
      screen.line("export KUBECONFIG=" + cluster.dataDir().kubeconfig());
    }
    urls.forEach(screen::line);
  }
}
