package dev.kapell.app.command;

import dev.kapell.app.logs.LogStreams;
import dev.kapell.app.manifest.Refusal;
import dev.kapell.client.http.Connection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kapell logs [-f] POD|KIND/NAME}. */
@Command(name = "logs", description = "Prints the log of a pod, or of every pod of a workload.")
final class LogsCommand implements Callable<Integer> {
  @Mixin private ClusterOptions options = new ClusterOptions();
  @Mixin private NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as lines come.")
  private boolean follow;

  @Option(
      names = {"-c", "--container"},
      paramLabel = "CONTAINER",
      description = "Which container.")
  private String container = "";

  @Option(
      names = {"-p", "--previous"},
      description = "Of the container's last run.")
  private boolean previous;

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      description = "Only the last lines.",
      defaultValue = "-1")
  private long tail = -1;

  @Parameters(paramLabel = "POD|KIND/NAME")
  private String target = "";

  @Override
  public Integer call() throws InterruptedException, IOException {
    try (Connection connection = options.cluster().connect()) {
      List<String> pods = new PodTarget(namespace.namespace(), target).all(connection);
      if (pods.size() > 1) {
        Map<String, String> paths = new LinkedHashMap<>();
        pods.forEach(pod -> paths.put(pod, path(pod)));
        return LogStreams.print(connection, paths) ? 0 : 1;
      }
      copy(connection, pods.getFirst());
    }
    return 0;
  }

  private void copy(Connection connection, String pod) throws IOException {
    try (Connection.Stream stream = connection.open(path(pod), "*/*")) {
      if (stream.code() != 200) {
        throw Refusal.of(stream);
      }
      stream.body().transferTo(System.out);
      System.out.flush();
    }
  }

  private String path(String pod) {
    return "/api/v1/namespaces/"
        + namespace.namespace()
        + "/pods/"
        + pod
        + "/log?follow="
        + follow
        + "&previous="
        + previous
        + (container.isEmpty() ? "" : "&container=" + container)
        + (tail >= 0 ? "&tailLines=" + tail : "");
  }
}
