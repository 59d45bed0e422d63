package dev.kapell.controllers.podgc;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.workload.Disrupted;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Deletes, at once and without grace, the pods of nodes that have been gone for a while, those that
 * are to go on a node that somebody says is out of service, those that were to go before they ever
 * had a node, and the oldest finished pods when there are too many.
 */
public final class PodGarbageController implements Planner<String, PodGarbageController.Seen> {
  /** A node that comes back within this keeps its pods. */
  private static final Duration QUARANTINE = Duration.ofSeconds(40);

  /** The name under which finished pods are looked at; no node has it. */
  private static final String FINISHED = "/finished";

  private static final int MOST_FINISHED = 12_500;

  private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

  /** What hangs on one node's name. */
  sealed interface Seen {
    /**
     * Pods that are bound to a node that is not there.
     *
     * @param gone how long it has been missed
     */
    record Orphans(List<Pod> pods, Duration gone) implements Seen {}

    /** Pods of a node that does not answer and that somebody says is out of service. */
    record OutOfService(List<Pod> pods) implements Seen {}

    /** Pods that were never bound. */
    record Unbound(List<Pod> pods) implements Seen {}

    /** Every finished pod. */
    record Finished(List<Pod> pods, int most) implements Seen {}
  }

  private final Cache<Node> nodes;
  private final Cache<Pod> pods;
  private final Index<Pod, String> byNode;
  private final Index<Pod, String> finished;
  private final Missing missing;

  private static final Index.Keys<Pod, String> IS_FINISHED =
      pod -> Pods.isFinished(pod) ? List.of(FINISHED) : List.of();

  private PodGarbageController(LoopContext context) {
    this.nodes = context.caches().of(Types.NODE);
    this.pods = context.caches().of(Types.POD);
    this.byNode = pods.index(Indexes.PODS_BY_NODE);
    this.finished = pods.index(IS_FINISHED);
    this.missing = new Missing(context.clock());
  }

  /** Starts the loop. */
  public static ControlLoop<String> start(LoopContext context) {
    PodGarbageController controller = new PodGarbageController(context);
    ControlLoop<String> loop = context.planned("podgc", controller);
    controller.nodes.onChange(
        (before, after) -> {
          if (after == null && before != null) {
            loop.add(before.metadata().nameOr(""));
          } else if (after != null && before == null) {
            controller.missing.forget(after.metadata().nameOr(""));
          }
          if (after != null && isOutOfService(after)) {
            loop.add(after.metadata().nameOr(""));
          }
        });
    controller.pods.onChange(
        (before, after) -> {
          if (after == null) {
            return;
          }
          String node = after.spec().nodeNameOr("");
          boolean unbound = node.isEmpty() && Pods.isTerminating(after);
          boolean mayNotGo = Pods.isTerminating(after) && controller.isOutOfService(node);
          if (unbound || mayNotGo || (!node.isEmpty() && !controller.isThere(node))) {
            loop.add(node);
          }
          if (Pods.isFinished(after) && controller.finished.count(FINISHED) > MOST_FINISHED) {
            loop.add(FINISHED);
          }
        });
    return loop.start(1);
  }

  private boolean isOutOfService(String node) {
    return nodes.find(ObjectKey.cluster(node)).map(n -> isOutOfService(n)).orElse(false);
  }

  private static boolean isOutOfService(Node node) {
    boolean ready =
        node.status().conditions().stream()
            .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
    return !ready
        && node.spec().taints().stream().anyMatch(t -> t.keyOr("").equals(OUT_OF_SERVICE));
  }

  private boolean isThere(String node) {
    return nodes.find(ObjectKey.cluster(node)).isPresent();
  }

  @Override
  public Optional<Seen> observe(String key) {
    if (key.equals(FINISHED)) {
      return Optional.of(new Seen.Finished(finished.get(FINISHED), MOST_FINISHED));
    }
    List<Pod> there = byNode.get(key);
    if (key.isEmpty()) {
      return Optional.of(new Seen.Unbound(there));
    }
    if (isOutOfService(key)) {
      return Optional.of(new Seen.OutOfService(there));
    }
    if (!nodes.isSynced() || isThere(key) || there.isEmpty()) {
      missing.forget(key);
      return Optional.empty();
    }
    return Optional.of(new Seen.Orphans(there, missing.gone(key)));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen, now);
  }

  /** Which pods go. */
  static Plan decideFor(Seen seen, Instant now) {
    return switch (seen) {
      case Seen.Orphans(List<Pod> pods, Duration gone) -> {
        Duration left = QUARANTINE.minus(gone);
        yield left.isPositive() ? Plan.later(left) : orphans(pods, now);
      }
      case Seen.OutOfService(List<Pod> pods) -> outOfService(pods);
      case Seen.Unbound(List<Pod> pods) ->
          new Plan(
              pods.stream()
                  .filter(Pods::isTerminating)
                  .map(pod -> force(pod, "deleted before it had a node"))
                  .toList(),
              Optional.empty());
      case Seen.Finished(List<Pod> pods, int most) ->
          new Plan(
              pods.stream()
                  .sorted(
                      Comparator.comparing(
                          (Pod pod) -> pod.metadata().creationTimestampOr(Instant.EPOCH)))
                  .limit(Math.max(0, pods.size() - most))
                  .map(pod -> force(pod, "too many finished pods"))
                  .toList(),
              Optional.empty());
    };
  }

  private static Plan orphans(List<Pod> pods, Instant now) {
    List<Change> changes = new ArrayList<>();
    for (Pod pod : pods) {
      if (!Pods.isFinished(pod)) {
        changes.add(Change.updateStatus(Types.POD, pod, failed(pod, now), "its node is gone"));
      }
    }
    pods.forEach(pod -> changes.add(force(pod, "its node is gone")));
    return new Plan(changes, Optional.empty());
  }

  /** Who took the node out of service vouches that nothing of the pods runs there any more. */
  private static Plan outOfService(List<Pod> pods) {
    List<Change> changes = new ArrayList<>();
    for (Pod pod : pods) {
      if (Pods.isTerminating(pod)) {
        if (!Pods.isFinished(pod)) {
          Pod failed = pod.withStatus(pod.status().withPhase("Failed"));
          changes.add(Change.updateStatus(Types.POD, pod, failed, "its node is out of service"));
        }
        changes.add(force(pod, "its node is out of service"));
      }
    }
    return new Plan(changes, Optional.empty());
  }

  private static Pod failed(Pod pod, Instant now) {
    Pod told = Disrupted.by(pod, "DeletionByPodGC", "PodGC: node no longer exists", now);
    return told.withStatus(told.status().withPhase("Failed"));
  }

  private static Change force(Pod pod, String reason) {
    return new Change.Delete<>(
        Types.POD,
        ObjectKey.of(pod),
        pod.metadata().uidOr(""),
        Change.Propagation.DEFAULT,
        0,
        null,
        reason);
  }
}
