package dev.kapell.app.command;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.cluster.LocalCluster;
import dev.kapell.app.progress.PodState;
import dev.kapell.app.progress.Workload;
import dev.kapell.app.terminal.Columns;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.UnreachableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code kapell status}: the cluster at a glance. Exit code 0 when it runs and its nodes are ready.
 */
@Command(name = "status", description = "Shows nodes, workloads and what each pod is waiting for.")
final class StatusCommand implements Callable<Integer> {
  private static final List<String> WORKLOADS =
      List.of(
          "/apis/apps/v1/deployments",
          "/apis/apps/v1/statefulsets",
          "/apis/apps/v1/daemonsets",
          "/apis/batch/v1/jobs");

  @Mixin private ClusterOptions options = new ClusterOptions();

  @Mixin private JsonOption json = new JsonOption();

  @Override
  public Integer call() {
    LocalCluster cluster = options.cluster();
    Map<String, Object> status = new LinkedHashMap<>();
    boolean healthy;
    try (Connection connection = cluster.connect()) {
      healthy = collect(connection, status);
    } catch (UnreachableException | UserError e) {
      status.put("running", false);
      status.put("message", e.getMessage());
      healthy = false;
    }
    if (json.isWanted()) {
      JsonOption.print(status);
    } else {
      print(status);
    }
    return healthy ? 0 : 1;
  }

  private static boolean collect(Connection connection, Map<String, Object> status) {
    status.put("running", true);
    status.put("server", connection.credentials().server().toString());
    List<Object> nodes = new ArrayList<>();
    boolean ready = true;
    for (Object node : items(connection, "/api/v1/nodes")) {
      boolean nodeReady = isReady(node);
      ready &= nodeReady;
      nodes.add(row("name", Tree.text(node, "metadata", "name"), "ready", nodeReady));
    }
    status.put("nodes", nodes);
    List<Object> workloads = new ArrayList<>();
    for (String path : WORKLOADS) {
      String plural = path.substring(path.lastIndexOf('/') + 1);
      for (Object object : items(connection, path)) {
        Workload workload = Workload.of(plural, Tree.map(object));
        Map<String, Object> row = row("name", workload.name(), "ready", workload.ready());
        row.put("namespace", Tree.text(object, "metadata", "namespace"));
        row.put("wanted", workload.wanted());
        row.put("message", workload.message());
        workloads.add(row);
      }
    }
    status.put("workloads", workloads);
    List<Object> waiting = new ArrayList<>();
    for (Object pod : items(connection, "/api/v1/pods")) {
      PodState state = PodState.of(Tree.map(pod));
      if (!state.waitingFor().isEmpty()) {
        Map<String, Object> row = row("pod", state.name(), "waitingFor", state.waitingFor());
        row.put("namespace", Tree.text(pod, "metadata", "namespace"));
        waiting.add(row);
      }
    }
    status.put("waiting", waiting);
    return ready && !nodes.isEmpty();
  }

  private static Map<String, Object> row(String first, Object one, String second, Object two) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(first, one);
    row.put(second, two);
    return row;
  }

  private static List<?> items(Connection connection, String path) {
    Connection.Answer answer = connection.get(path, "application/json");
    return answer.isSuccess() ? Tree.list(JsonCodec.readTree(answer.body()), "items") : List.of();
  }

  private static boolean isReady(Object node) {
    for (Object condition : Tree.list(node, "status", "conditions")) {
      if (Tree.text(condition, "type").equals("Ready")) {
        return Tree.text(condition, "status").equals("True");
      }
    }
    return false;
  }

  private static void print(Map<String, Object> status) {
    if (!Boolean.TRUE.equals(status.get("running"))) {
      System.out.println("not running: " + status.get("message"));
      return;
    }
    System.out.println("API at " + status.get("server"));
    for (Object node : Tree.list(status, "nodes")) {
      boolean ready = Boolean.TRUE.equals(Tree.at(node, "ready"));
      System.out.println(
          "node " + Tree.text(node, "name") + (ready ? " is ready" : " is NOT ready"));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Object workload : Tree.list(status, "workloads")) {
      rows.add(
          List.of(
              Tree.text(workload, "namespace"),
              Tree.text(workload, "name"),
              Tree.number(workload, 0, "ready") + "/" + Tree.number(workload, 0, "wanted"),
              Tree.text(workload, "message")));
    }
    if (!rows.isEmpty()) {
      Columns.lines(List.of("NAMESPACE", "WORKLOAD", "READY", ""), rows)
          .forEach(System.out::println);
    }
    for (Object pod : Tree.list(status, "waiting")) {
      System.out.println(
          "pod/" + Tree.text(pod, "pod") + " waits for " + Tree.text(pod, "waitingFor"));
    }
  }
}
