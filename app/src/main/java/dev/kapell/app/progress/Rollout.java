package dev.kapell.app.progress;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.manifest.Applier.Applied;
import dev.kapell.app.terminal.Screen;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.http.Connection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Watches what was applied until it runs, and shows what each pod is waiting for. */
public final class Rollout {
  /** So long a pod may look stuck (an image that is not there, a crash) before we give up. */
  private static final Duration STUCK_LIMIT = Duration.ofSeconds(20);

  private final Connection connection;
  private final Screen screen;
  private final Clock clock;
  private final Board board = new Board();
  private final Map<String, String> shown = new LinkedHashMap<>();

  /** A watcher on {@code connection} that prints to {@code screen}. */
  public Rollout(Connection connection, Screen screen, Clock clock) {
    this.connection = connection;
    this.screen = screen;
    this.clock = clock;
  }

  /**
   * Returns when every workload among {@code applied} runs; a {@link UserError} when one does not
   * within {@code limit}.
   */
  public void await(List<Applied> applied, Duration limit) throws InterruptedException {
    Set<String> collections = new LinkedHashSet<>();
    Set<String> namespaces = new LinkedHashSet<>();
    for (Applied one : applied) {
      if (Workload.isWorkload(one.served().plural())) {
        board.expect(Workload.of(one.served().plural(), one.object()));
        collections.add(one.served().collection(one.namespace()));
        namespaces.add(one.namespace());
      }
    }
    if (collections.isEmpty()) {
      return;
    }
    for (String namespace : namespaces) {
      String pods = "/api/v1/namespaces/" + namespace + "/pods";
      collections.add(pods);
      readPods(pods);
    }
    if (board.view().isDone()) {
      return;
    }
    try (TaskScope watchers =
        new TaskScope(
            "rollout",
            (task, cause) -> board.fail("lost sight of it: " + task + ": " + cause.getMessage()))) {
      for (String collection : collections) {
        watchers.start(collection, () -> follow(collection));
      }
      awaitDone(limit);
    } finally {
      screen.draw(List.of());
    }
  }

  private void readPods(String collection) {
    Connection.Answer pods = connection.get(collection, "application/json");
    if (pods.isSuccess()) {
      for (Object pod : Tree.list(JsonCodec.readTree(pods.body()), "items")) {
        board.pod(false, Tree.map(pod));
      }
    }
  }

  private void awaitDone(Duration limit) throws InterruptedException {
    long deadline = clock.nanoTime() + limit.toNanos();
    long stuckSince = Long.MAX_VALUE;
    while (true) {
      Board.View view = board.view();
      show(view);
      if (view.isDone()) {
        return;
      }
      long now = clock.nanoTime();
      stuckSince = view.isStuck() ? Math.min(stuckSince, now) : Long.MAX_VALUE;
      boolean stuckTooLong =
          stuckSince != Long.MAX_VALUE && now - stuckSince >= STUCK_LIMIT.toNanos();
      if (stuckTooLong || now >= deadline || !view.failure().isEmpty()) {
        throw new UserError(explain(view, stuckTooLong, limit));
      }
      long wake =
          stuckSince == Long.MAX_VALUE
              ? deadline
              : Math.min(deadline, stuckSince + STUCK_LIMIT.toNanos());
      board.awaitChange(view, Duration.ofNanos(wake - now));
    }
  }

  private static String explain(Board.View view, boolean stuck, Duration limit) {
    StringBuilder text = new StringBuilder();
    text.append(
        stuck
            ? "it will not run as it is:"
            : view.failure().isEmpty()
                ? "not everything runs after " + limit.toSeconds() + " s:"
                : view.failure());
    for (Workload workload : view.workloads()) {
      if (!workload.done()) {
        text.append("\n  ").append(progress(workload));
      }
    }
    for (PodState pod : view.pods()) {
      if (!pod.waitingFor().isEmpty()) {
        text.append("\n  pod/").append(pod.name()).append(" waits for ").append(pod.waitingFor());
      }
    }
    return text.toString();
  }

  private void show(Board.View view) {
    List<String> lines = new ArrayList<>();
    view.workloads().stream().filter(w -> !w.done()).forEach(w -> lines.add(progress(w)));
    view.pods().stream()
        .filter(pod -> !pod.waitingFor().isEmpty())
        .forEach(pod -> lines.add("  pod/" + pod.name() + " waits for " + pod.waitingFor()));
    if (screen.isLive()) {
      view.workloads().stream().filter(Workload::done).forEach(this::announce);
      screen.draw(lines);
      return;
    }
    view.workloads().forEach(this::announce);
    for (String line : lines) {
      if (new HashSet<>(shown.values()).add(line)) {
        shown.put(line, line);
        if (line.startsWith("  pod/")) {
          screen.line(line);
        }
      }
    }
  }

  private void announce(Workload workload) {
    String line = progress(workload);
    if (!line.equals(shown.put(workload.name(), line))) {
      screen.line(line);
    }
  }

  private static String progress(Workload workload) {
    return workload.name()
        + ": "
        + workload.ready()
        + " of "
        + workload.wanted()
        + " ready"
        + (workload.message().isEmpty() ? "" : " (" + workload.message() + ")");
  }

  /**
   * Follows one collection; a stream that ends is opened again, from the start: what it repeats
   * changes nothing.
   */
  private void follow(String collection) throws IOException {
    String plural = collection.substring(collection.lastIndexOf('/') + 1);
    while (!Thread.currentThread().isInterrupted()) {
      try (Connection.Stream stream = connection.open(collection + "?watch=1", "application/json");
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Object event = JsonCodec.readTree(line.getBytes(StandardCharsets.UTF_8));
          if (Tree.text(event, "type").equals("ERROR")) {
            break;
          }
          note(plural, Tree.text(event, "type").equals("DELETED"), Tree.map(event, "object"));
        }
      }
    }
  }

  private void note(String plural, boolean deleted, Map<String, Object> object) {
    if (Workload.isWorkload(plural) && !deleted) {
      board.workload(plural, object);
    }
    if (plural.equals("pods")) {
      board.pod(deleted, object);
    }
  }
}
