package dev.kapell.app.command;

import dev.kapell.app.manifest.Applier;
import dev.kapell.app.manifest.Applier.Applied;
import dev.kapell.app.manifest.Manifest;
import dev.kapell.app.progress.Rollout;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.tree.Tree;
import dev.kapell.base.Clock;
import dev.kapell.client.http.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kapell apply FILE…}. */
@Command(name = "apply", description = "Applies manifests to the running cluster.")
final class ApplyCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private NamespaceOption namespace = new NamespaceOption();
  @Mixin private ManifestsMixin manifests = new ManifestsMixin();
  @Mixin private JsonOption json = new JsonOption();

  @Option(names = "--dry-run", description = "Only check.")
  private boolean dryRun;

  @Option(names = "--wait", description = "Wait until the workloads run.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds = 120;

  @Override
  public Integer call() throws InterruptedException {
    List<Manifest> wanted = manifests.read("apply");
    Screen screen = json.isWanted() ? Screen.ofErrors() : Screen.standard();
    try (Connection connection = options.cluster().connect()) {
      List<Applied> applied = apply(connection, namespace.namespace(), wanted, dryRun);
      report(applied, screen);
      if (dryRun) {
        screen.line(wanted.size() + " objects would be accepted");
      }
      if (wait) {
        new Rollout(connection, screen, Clock.system())
            .await(applied, Duration.ofSeconds(timeoutSeconds));
      }
      if (json.isWanted()) {
        JsonOption.print(Map.of("objects", rows(applied)));
      }
    }
    return 0;
  }

  static List<Applied> apply(
      Connection connection, String namespace, List<Manifest> manifests, boolean dryRun) {
    return new Applier(connection, namespace).apply(manifests, dryRun);
  }

  static void report(List<Applied> applied, Screen screen) {
    for (Applied one : applied) {
      screen.line(one.served().shownAs() + "/" + one.name() + " " + one.outcome().word());
    }
  }

  /** What was done with each object, for scripts. */
  static List<Object> rows(List<Applied> applied) {
    List<Object> rows = new ArrayList<>();
    for (Applied one : applied) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("kind", Tree.text(one.object(), "kind"));
      row.put("namespace", one.namespace());
      row.put("name", one.name());
      row.put("outcome", one.outcome().word());
      rows.add(row);
    }
    return rows;
  }
}
