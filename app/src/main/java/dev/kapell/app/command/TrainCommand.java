package dev.kapell.app.command;

import dev.kapell.app.cluster.DataDir;
import dev.kapell.app.server.Server;
import dev.kapell.app.server.ServerLog;
import dev.kapell.app.server.ServerSettings;
import dev.kapell.app.terminal.UserError;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.KubeconfigFile;
import dev.kapell.host.file.DirectoryTree;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code kapell train}: does what a start does, with a node that pretends, runs the commands of
 * every day, and then serves every kind of write some hundred times, so that the JVM can note what
 * a start needs and how the hot paths behave: a server that starts with these profiles loads no
 * class from the jar and compiles sooner, and once. Used by the launcher.
 */
@Command(name = "train", hidden = true, description = "Exercises a start for the JVM's cache.")
final class TrainCommand implements Callable<Integer> {
  /** Enough for the counters of the JVM, and over within some seconds. */
  private static final int ROUNDS = 200;

  private static final System.Logger LOG = System.getLogger("kapell.app");
  private static final String OPTIONS =
      "--bind 127.0.0.1 --port 0 --agent-port 0 --node-name train";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String JSON = "application/json";

  /** What people begin with. */
  private static final String MANIFESTS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: train}
      data:
        index.html: |
          Hello
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: train
        labels: {app: train}
      spec:
        replicas: 2
        selector:
          matchLabels: {app: train}
        template:
          metadata:
            labels: {app: train}
          spec:
            containers:
              - name: web
                image: kapell.local/toolbox:1
                command:
                  - httpd
                env:
                  - name: NAME
                    valueFrom: {fieldRef: {fieldPath: metadata.name}}
                ports: [{name: http, containerPort: 8080}]
                readinessProbe:
                  httpGet: {path: /, port: http}
                  periodSeconds: 1
                lifecycle:
                  preStop: {sleep: {seconds: 1}}
                resources:
                  requests: {cpu: 10m, memory: 16Mi}
                  limits: {memory: 64Mi}
                volumeMounts:
                  - {name: page, mountPath: /page}
                  - {name: www, mountPath: /www}
            volumes:
              - {name: page, configMap: {name: train}}
              - {name: www, emptyDir: {}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: train}
      spec:
        type: NodePort
        selector: {app: train}
        ports: [{port: 80, targetPort: http}]
      """;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ServerLog.configure();
    Path folder = Files.createTempDirectory("kapell-train");
    try {
      DataDir dataDir = new DataDir(folder);
      String place = folder.toString();
      Server server = start(place);
      try (Connection connection = Connection.to(KubeconfigFile.read(dataDir.kubeconfig()))) {
        Path manifests = Files.writeString(folder.resolve("train.yaml"), MANIFESTS);
        run("up", "--timeout", "20", "--data-dir", place, manifests.toString());
        run("up", "--timeout", "20", "--data-dir", place, manifests.toString());
        run("get", "pods", "-A", "--data-dir", place);
        run("status", "--data-dir", place);
        exercise(connection);
        for (int round = 0; round < ROUNDS; round++) {
          write(connection, "train-" + round);
        }
        connection.get(MAPS, JSON);
      } finally {
        server.close();
      }
    } finally {
      DirectoryTree.delete(folder);
    }
    return 0;
  }

  /** With a node where that is possible: its DNS listens on a port that only root may open. */
  private static Server start(String place) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(OPTIONS.split(" ")));
    arguments.addAll(List.of("--data-dir", place));
    try {
      return Server.rehearse(settings(arguments));
    } catch (UserError e) {
      LOG.log(Level.INFO, "trained without a node: {0}", e.getMessage());
      arguments.add("--no-node");
      return Server.start(settings(arguments));
    }
  }

  /** Read from a command line, as every start does. */
  private static ServerSettings settings(List<String> arguments) {
    ServerCommand command = new ServerCommand();
    new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
    return command.settings();
  }

  /** Whatever comes of it: what it has run of itself is noted. */
  private static void run(String... arguments) {
    KapellCommand.commandLine(arguments).execute(arguments);
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
    for (String path :
        new String[] {
          "/apis", "/api/v1", "/apis/apps/v1", "/readyz", "/api/v1/pods", "/openapi/v3"
        }) {
      connection.get(path, "application/json");
    }
  }
}
