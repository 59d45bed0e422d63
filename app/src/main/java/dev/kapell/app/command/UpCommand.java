package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.cluster.LocalCluster;
import dev.kapell.app.cluster.Machine;
import dev.kapell.app.manifest.Applier.Applied;
import dev.kapell.app.manifest.Manifest;
import dev.kapell.app.manifest.Manifests;
import dev.kapell.app.progress.NodeReadiness;
import dev.kapell.app.progress.Rollout;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.base.Clock;
import dev.kapell.client.http.Connection;
import java.nio.charset.StandardCharsets;
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

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "json: one object with what was done, for scripts.")
  private String output = "";

  @Override
  public Integer call() throws InterruptedException {
    boolean json = output.equals("json");
    if (!output.isEmpty() && !json) {
      throw new UserError("-o takes json");
    }
    List<Manifest> manifests = paths.isEmpty() ? List.of() : Manifests.read(paths, System.in);
    Screen screen = json ? new Screen(System.err, false) : Screen.standard();
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
      report(cluster, applied, screen, json);
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

  private static void report(
      LocalCluster cluster, List<Applied> applied, Screen screen, boolean json) {
    List<String> urls = applied.stream().flatMap(one -> Urls.of(one).stream()).toList();
    if (!json) {
      if (applied.isEmpty()) {
        screen.line("export KUBECONFIG=" + cluster.dataDir().kubeconfig());
      }
      urls.forEach(screen::line);
      return;
    }
    List<Object> objects = new ArrayList<>();
    for (Applied one : applied) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("kind", Tree.text(one.object(), "kind"));
      row.put("namespace", one.namespace());
      row.put("name", one.name());
      row.put("outcome", one.outcome().word());
      objects.add(row);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("kubeconfig", cluster.dataDir().kubeconfig().toString());
    result.put("objects", objects);
    result.put("urls", new ArrayList<Object>(urls));
    System.out.println(new String(JsonCodec.writeTree(result), StandardCharsets.UTF_8));
  }
}
