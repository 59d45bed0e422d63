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
 * {@code kapell train}: does what a start does and then serves every kind of write some hundred
 * times, so that the JVM can note what a start needs and how the hot paths behave: a server that
 * starts with these profiles compiles them sooner, and once. Used by the launcher.
 */
@Command(name = "train", hidden = true, description = "Exercises a start for the JVM's cache.")
final class TrainCommand implements Callable<Integer> {
  private static final String POD =
      """
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"train"},"spec":{"replicas":2,
       "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
       "spec":{"containers":[{"name":"c","image":"i"}]}}}}
      """;

  /** Enough for the counters of the JVM, and over within some seconds. */
  private static final int ROUNDS = 200;

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String JSON = "application/json";

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
        for (int round = 0; round < ROUNDS; round++) {
          write(connection, "train-" + round);
        }
        connection.get(MAPS, JSON);
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

  /** The life of one object of 1 KiB. */
  private static void write(Connection connection, String name) {
    String map =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"labels\":{\"a\":\"b\"}},\"data\":{\"k\":\"%s\"}}"
            .formatted(name, "x".repeat(1000));
    connection.send("POST", MAPS, JSON, map.getBytes(StandardCharsets.UTF_8));
    String path = MAPS + "/" + name;
    connection.get(path, JSON);
    connection.send(
        "PATCH",
        path,
        "application/strategic-merge-patch+json",
        "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}".getBytes(StandardCharsets.UTF_8));
    connection.send("PUT", path, JSON, map.getBytes(StandardCharsets.UTF_8));
    connection.send("DELETE", path, JSON, "{}".getBytes(StandardCharsets.UTF_8));
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
