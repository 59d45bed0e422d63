package dev.kapell.app.command;

import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.cluster.LocalCluster;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that name a cluster. */
final class ClusterOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the cluster lives (default: KAPELL_DATA_DIR, else /var/lib/kapell).",
      defaultValue = "${env:KAPELL_DATA_DIR:-/var/lib/kapell}")
  private Path dataDir = Path.of("/var/lib/kapell");

  LocalCluster cluster() {
    return new LocalCluster(new DataDir(dataDir.toAbsolutePath().normalize()));
  }
}
