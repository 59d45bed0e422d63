package dev.kapell.controllers.nodehealth;

import dev.kapell.api.Types;
import dev.kapell.api.coordination.v1.Lease;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeCondition;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Watches the leases in {@code kube-node-lease}. A node that is silent for too long gets Unknown
 * conditions; taints follow the Ready condition and {@code spec.unschedulable}; pods of a node that
 * is not Ready stop being ready, so that Services leave them out. Nodes are given up one by one, as
 * {@link Outage} says.
 */
public final class NodeHealthController implements Planner<String, NodeHealthController.Seen> {
  static final String NOT_READY = "node.kubernetes.io/not-ready";
  static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

  private static final Set<String> TOLD_BY_NODE =
      Set.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

  /** Taints that say what a condition says, and the condition. */
  private static final List<Pressure> PRESSURES =
      List.of(
          new Pressure("node.kubernetes.io/memory-pressure", "MemoryPressure"),
          new Pressure("node.kubernetes.io/disk-pressure", "DiskPressure"),
          new Pressure("node.kubernetes.io/pid-pressure", "PIDPressure"),
          new Pressure("node.kubernetes.io/network-unavailable", "NetworkUnavailable"));

  private record Pressure(String taint, String condition) {}

  /**
   * A node, how long it has been silent, and, unless it is ready, its pods.
   *
   * @param silence by this process's own count of time
   * @param grace a node that is silent for longer is Unknown
   * @param givingUp whether its pods may be evicted, if it is not ready
   */
  record Seen(Node node, Duration silence, Duration grace, List<Pod> pods, GivingUp givingUp) {}

  /** Whether a node that is not ready is given up. */
  enum GivingUp {
    /** It is its turn, or has been. */
    NOW,
    /** Others come first. */
    LATER,
    /** No node is ready: the nodes are hardly to blame. */
    NEVER
  }

  /** Where a node is, and whether it is ready. */
  private record Place(String zone, boolean ready) {}

  private static final String ANYWHERE = "*";

  private static final Index.Keys<Node, Place> PLACES =
      node -> {
        boolean ready = isReady(node);
        return List.of(new Place(zone(node), ready), new Place(ANYWHERE, ready));
      };

  /** How soon a node that waits for its turn is looked at again. */
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final Cache<Node> nodes;
  private final Index<Pod, String> podsByNode;
  private final Cache<Lease> leases;
  private final Heartbeats heartbeats;
  private final Index<Node, Place> places;
  private final Turns turns;
  private final Duration grace;

  private NodeHealthController(LoopContext context, Duration grace) {
    this.grace = grace;
    this.nodes = context.caches().of(Types.NODE);
    this.podsByNode = context.caches().of(Types.POD).index(Indexes.PODS_BY_NODE);
    this.leases = context.caches().of(Types.LEASE, ListQuery.in("kube-node-lease"));
    this.heartbeats = new Heartbeats(context.clock());
    this.places = nodes.index(PLACES);
    this.turns = new Turns(context.clock());
  }

  /** Starts the loop; a node that is silent for longer than {@code grace} counts as lost. */
  public static ControlLoop<String> start(LoopContext context, Duration grace, int workers) {
    NodeHealthController controller = new NodeHealthController(context, grace);
    ControlLoop<String> loop = context.planned("nodehealth", controller);
    controller.nodes.onChange(
        (before, after) -> {
          Node node = after == null ? before : after;
          if (node == null) {
            return;
          }
          String name = node.metadata().nameOr("");
          if (after == null) {
            controller.heartbeats.forget(name);
          } else if (before == null || !lastTold(before).equals(lastTold(after))) {
            controller.heartbeats.beat(name);
          }
          loop.add(name);
        });
    controller.leases.onChange(
        (before, after) -> {
          if (after != null && (before == null || !before.spec().equals(after.spec()))) {
            controller.heartbeats.beat(after.metadata().nameOr(""));
          }
        });
    return loop.start(workers);
  }

  /** The node's own last word in its status, which older agents use in place of a lease. */
  private static Instant lastTold(Node node) {
    return condition(node, "Ready")
        .map(c -> c.lastHeartbeatTimeOr(Instant.EPOCH))
        .orElse(Instant.EPOCH);
  }

  @Override
  public Optional<Seen> observe(String name) {
    return nodes
        .find(ObjectKey.cluster(name))
        .map(
            node ->
                new Seen(
                    node,
                    heartbeats.silence(name),
                    grace,
                    isReady(node) ? List.of() : podsByNode.get(name), // nobody asks for them
                    givingUp(node)));
  }

  private GivingUp givingUp(Node node) {
    if (isReady(node)) {
      return GivingUp.NOW;
    }
    String zone = zone(node);
    Outage outage =
        new Outage(
            places.count(new Place(zone, true)),
            places.count(new Place(zone, false)),
            places.count(new Place(ANYWHERE, true)) == 0);
    if (outage.everywhere()) {
      return GivingUp.NEVER;
    }
    boolean due =
        isGivenUp(node) || outage.pace().map(pace -> turns.take(zone, pace)).orElse(false);
    return due ? GivingUp.NOW : GivingUp.LATER;
  }

  private static boolean isReady(Node node) {
    return condition(node, "Ready").map(c -> c.statusOr("").equals("True")).orElse(false);
  }

  private static boolean isGivenUp(Node node) {
    return node.spec().taints().stream()
        .anyMatch(t -> is(t, NOT_READY, "NoExecute") || is(t, UNREACHABLE, "NoExecute"));
  }

  private static String zone(Node node) {
    Map<String, String> labels = node.metadata().labels();
    return labels.getOrDefault("topology.kubernetes.io/region", "")
        + "/"
        + labels.getOrDefault("topology.kubernetes.io/zone", "");
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen, now);
  }

  /** Conditions, then taints, then the readiness of the pods. */
  static Plan decideFor(Seen seen, Instant now) {
    Node node = seen.node();
    Duration left = seen.grace().minus(seen.silence());
    Plan.Builder plan = new Plan.Builder();
    if (left.isNegative() || left.isZero()) {
      Node silent = withUnknownConditions(node, now);
      if (!silent.equals(node)) {
        return plan.add(Change.updateStatus(Types.NODE, node, silent, "silent for " + seen.grace()))
            .add(
                Change.tell(
                    node,
                    "NodeNotReady",
                    "Node " + node.metadata().nameOr("") + " status is now: NodeNotReady"))
            .build();
      }
    } else {
      plan.againAfter(left);
    }
    List<Taint> taints = taints(node, seen.givingUp() == GivingUp.NOW, now);
    if (seen.givingUp() != GivingUp.NOW) {
      plan.againAfter(WAIT);
    }
    if (!taints.equals(node.spec().taints())) {
      plan.add(
          Change.update(
              Types.NODE, node, node.withSpec(node.spec().withTaints(taints)), "taints follow"));
    }
    if (condition(node, "Ready").map(c -> !c.statusOr("").equals("True")).orElse(false)) {
      seen.pods().stream()
          .filter(Pods::isReady)
          .forEach(
              pod ->
                  plan.add(
                      Change.updateStatus(Types.POD, pod, unready(pod, now), "node not ready")));
    }
    return plan.build();
  }

  static Optional<NodeCondition> condition(Node node, String type) {
    return node.status().conditions().stream().filter(c -> c.typeOr("").equals(type)).findFirst();
  }

  private static Node withUnknownConditions(Node node, Instant now) {
    List<NodeCondition> conditions = new ArrayList<>();
    boolean known = false;
    for (NodeCondition condition : node.status().conditions()) {
      boolean ours = TOLD_BY_NODE.contains(condition.typeOr(""));
      known |= condition.typeOr("").equals("Ready");
      conditions.add(
          !ours || condition.statusOr("").equals("Unknown") ? condition : unknown(condition, now));
    }
    if (!known) {
      NodeCondition ready = NodeCondition.builder().type("Ready").status("Unknown").build();
      conditions.add(
          unknown(ready, now)
              .withReason("NodeStatusNeverUpdated")
              .withMessage("Kubelet never posted node status.")
              .withLastHeartbeatTime(node.metadata().creationTimestamp()));
    }
    return node.withStatus(node.status().withConditions(conditions));
  }

  private static NodeCondition unknown(NodeCondition condition, Instant now) {
    return condition
        .withStatus("Unknown")
        .withReason("NodeStatusUnknown")
        .withMessage("Kubelet stopped posting node status.")
        .withLastTransitionTime(now);
  }

  private static List<Taint> taints(Node node, boolean giveUp, Instant now) {
    String ready = condition(node, "Ready").map(c -> c.statusOr("Unknown")).orElse("False");
    List<Taint> taints = new ArrayList<>(node.spec().taints());
    set(taints, NOT_READY, "NoSchedule", ready.equals("False"), now);
    set(taints, UNREACHABLE, "NoSchedule", ready.equals("Unknown"), now);
    set(taints, NOT_READY, "NoExecute", giveUp && ready.equals("False"), now);
    set(taints, UNREACHABLE, "NoExecute", giveUp && ready.equals("Unknown"), now);
    set(taints, UNSCHEDULABLE, "NoSchedule", node.spec().unschedulableOr(false), now);
    for (Pressure pressure : PRESSURES) {
      boolean present =
          condition(node, pressure.condition())
              .map(c -> c.statusOr("").equals("True"))
              .orElse(false);
      set(taints, pressure.taint(), "NoSchedule", present, now);
    }
    return taints;
  }

  private static void set(
      List<Taint> taints, String key, String effect, boolean wanted, Instant now) {
    boolean present = taints.stream().anyMatch(t -> is(t, key, effect));
    if (present && !wanted) {
      taints.removeIf(t -> is(t, key, effect));
    } else if (!present && wanted) {
      taints.add(
          Taint.builder()
              .key(key)
              .effect(effect)
              .timeAdded(effect.equals("NoExecute") ? now : null)
              .build());
    }
  }

  private static boolean is(Taint taint, String key, String effect) {
    return Objects.equals(taint.key(), key) && Objects.equals(taint.effect(), effect);
  }

  private static Pod unready(Pod pod, Instant now) {
    List<PodCondition> conditions = new ArrayList<>();
    for (PodCondition condition : pod.status().conditions()) {
      conditions.add(
          condition.typeOr("").equals("Ready")
              ? condition.withStatus("False").withReason("NodeNotReady").withLastTransitionTime(now)
              : condition);
    }
    return pod.withStatus(pod.status().withConditions(conditions));
  }
}
