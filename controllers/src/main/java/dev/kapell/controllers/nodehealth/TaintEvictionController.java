package dev.kapell.controllers.nodehealth;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.api.core.v1.Toleration;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.match.Tolerations;
import dev.kapell.controllers.workload.Disrupted;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deletes pods from nodes with a NoExecute taint: at once when they do not tolerate it, after
 * {@code tolerationSeconds} when they tolerate it for a while.
 */
public final class TaintEvictionController
    implements Planner<String, TaintEvictionController.Seen> {
  /**
   * A node's taints NoExecute and its pods.
   *
   * @param taints each with its time
   */
  record Seen(List<Taint> taints, List<Pod> pods) {}

  private final Cache<Node> nodes;
  private final Cache<Pod> pods;
  private final Index<Pod, String> podsByNode;
  private final TaintTimes times = new TaintTimes();
  private final Clock clock;

  private TaintEvictionController(LoopContext context) {
    this.nodes = context.caches().of(Types.NODE);
    this.pods = context.caches().of(Types.POD);
    this.podsByNode = pods.index(Indexes.PODS_BY_NODE);
    this.clock = context.clock();
  }

  /** Starts the loop. */
  public static ControlLoop<String> start(LoopContext context, int workers) {
    TaintEvictionController controller = new TaintEvictionController(context);
    ControlLoop<String> loop = context.planned("taint-eviction", controller);
    controller.nodes.onChange(
        (before, after) -> {
          if (after != null && (isTainted(before) || isTainted(after))) {
            loop.add(after.metadata().nameOr(""));
          } else if (after == null && before != null) {
            controller.times.forget(before.metadata().nameOr(""));
          }
        });
    controller.pods.onChange(
        (before, after) -> {
          String node = after == null ? "" : after.spec().nodeNameOr("");
          if (!node.isEmpty() && controller.isTainted(node)) {
            loop.add(node);
          }
        });
    return loop.start(workers);
  }

  private boolean isTainted(String name) {
    return isTainted(nodes.find(ObjectKey.cluster(name)).orElse(null));
  }

  private static boolean isTainted(@Nullable Node node) {
    return node != null && !noExecute(node).isEmpty();
  }

  private static List<Taint> noExecute(Node node) {
    return node.spec().taints().stream().filter(t -> t.effectOr("").equals("NoExecute")).toList();
  }

  @Override
  public Optional<Seen> observe(String name) {
    return nodes
        .find(ObjectKey.cluster(name))
        .map(
            node ->
                new Seen(times.dated(name, noExecute(node), clock.now()), podsByNode.get(name)));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen, now);
  }

  /** Which pods go now, and when the next is due. */
  static Plan decideFor(Seen seen, Instant now) {
    List<Taint> taints = seen.taints();
    Plan.Builder plan = new Plan.Builder();
    if (taints.isEmpty()) {
      return plan.build();
    }
    for (Pod pod : seen.pods()) {
      if (Pods.isTerminating(pod)) {
        continue;
      }
      Optional<Instant> due = due(taints, pod, now);
      if (due.isEmpty()) {
        continue;
      }
      Duration left = Duration.between(now, due.get());
      if (left.isPositive()) {
        plan.againAfter(left);
      } else {
        plan.add(
            Change.tell(
                pod, "TaintManagerEviction", "Marking for deletion Pod " + ObjectKey.of(pod)));
        plan.add(
            Change.updateStatus(
                Types.POD,
                pod,
                Disrupted.by(
                    pod,
                    "DeletionByTaintManager",
                    "Taint manager: deleting due to NoExecute taint",
                    now),
                "a taint of its node is not tolerated"));
        plan.add(Change.delete(Types.POD, pod, "a taint of its node is not tolerated"));
      }
    }
    return plan.build();
  }

  /**
   * When the pod has to go; empty when it tolerates every taint for ever. A pod that came after the
   * taint has all of its time: else it would go at once, and the one in its place, and so on.
   */
  private static Optional<Instant> due(List<Taint> taints, Pod pod, Instant now) {
    List<Toleration> tolerations = pod.spec().tolerations();
    Instant placed = placed(pod, now);
    Instant earliest = Instant.MAX;
    for (Taint taint : taints) {
      Instant added = taint.timeAddedOr(now);
      Instant since = added.isAfter(placed) ? added : placed;
      long shortest = Long.MAX_VALUE;
      boolean tolerated = false;
      for (Toleration toleration : tolerations) {
        if (Tolerations.tolerates(toleration, taint)) {
          tolerated = true;
          shortest = Math.min(shortest, toleration.tolerationSecondsOr(Long.MAX_VALUE));
        }
      }
      if (!tolerated) {
        return Optional.of(now);
      }
      if (shortest != Long.MAX_VALUE) {
        Instant end = since.plusSeconds(Math.max(0, shortest));
        earliest = end.isBefore(earliest) ? end : earliest;
      }
    }
    return earliest.equals(Instant.MAX) ? Optional.empty() : Optional.of(earliest);
  }

  /** When it got its node. */
  private static Instant placed(Pod pod, Instant now) {
    Instant made = pod.metadata().creationTimestampOr(now);
    return Pods.condition(pod, "PodScheduled")
        .filter(condition -> condition.statusOr("").equals("True"))
        .map(condition -> condition.lastTransitionTimeOr(made))
        .orElse(made);
  }
}
