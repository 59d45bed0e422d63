package dev.kapell.app.command;

import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.cluster.LocalCluster;
import dev.kapell.client.http.Connection;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that name a cluster. */
final class ClusterOptions {
  private static final Path USUAL = Path.of("/var/lib/kapell");

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster lives (default: KAPELL_DATA_DIR, else /var/lib/kapell).",
      defaultValue = "${env:KAPELL_DATA_DIR:-/var/lib/kapell}")
  private Path dataDir = USUAL;

  /**
   * An admin's connection for questions that change nothing: to the cluster that was named, by
   * {@code --data-dir}, else by KUBECONFIG, and only then to that of this machine.
   */
  Connection ask() {
    String named = System.getenv("KUBECONFIG");
    boolean usual = dataDir.equals(USUAL);
    return usual && named != null && !named.isBlank()
        ? LocalCluster.connect(Path.of(named.split(":", 2)[0]))
        : cluster().connect();
  }

  LocalCluster cluster() {
    return new LocalCluster(new DataDir(dataDir.toAbsolutePath().normalize()));
  }
}
