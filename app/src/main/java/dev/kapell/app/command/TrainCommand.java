package dev.kapell.app.command;

import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.server.OperationSettings;
import dev.kapell.app.server.Server;
import dev.kapell.app.server.ServerSettings;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.KubeconfigFile;
import dev.kapell.host.file.DirectoryTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code kapell train}: does what a start does, so that the JVM can note what a start needs. Used
 * by the launcher.
 */
@Command(name = "train", hidden = true, description = "Exercises a start for the JVM's cache.")
final class TrainCommand implements Callable<Integer> {
  private static final String POD =
      """
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"train"},"spec":{"replicas":2,
       "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
       "spec":{"containers":[{"name":"c","image":"i"}]}}}}
      """;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("kapell-train");
    try {
      DataDir dataDir = new DataDir(folder);
      ServerSettings settings =
          new ServerSettings(
              dataDir, "127.0.0.1", 0, 0, "train", false, "", OperationSettings.defaults());
      Server server = Server.start(settings);
      try (Connection connection = Connection.to(KubeconfigFile.read(dataDir.kubeconfig()))) {
        exercise(connection);
        CommandLine kapell = spec.root().commandLine();
        kapell.execute("get", "pods", "-A", "--data-dir", folder.toString());
        kapell.execute("status", "--data-dir", folder.toString());
      } finally {
        server.close();
      }
    } finally {
      DirectoryTree.delete(folder);
    }
    return 0;
  }

  private static void exercise(Connection connection) {
    connection.send(
        "POST",
        "/apis/apps/v1/namespaces/default/deployments",
        "application/json",
        POD.getBytes(StandardCharsets.UTF_8));
    connection.send(
        "PATCH",
        "/apis/apps/v1/namespaces/default/deployments/train",
        "application/strategic-merge-patch+json",
        "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}".getBytes(StandardCharsets.UTF_8));
    for (String path :
        new String[] {
          "/apis", "/api/v1", "/apis/apps/v1", "/readyz", "/api/v1/pods", "/openapi/v3"
        }) {
      connection.get(path, "application/json");
    }
  }
}
