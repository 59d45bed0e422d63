package dev.kapell.sim.node;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The conditions that a node writes; those of others stay. Pure. */
final class PodConditions {
  private final Pod pod;
  private final Instant now;
  private final Map<String, PodCondition> byType = new LinkedHashMap<>();

  private PodConditions(Pod pod, Instant now) {
    this.pod = pod;
    this.now = now;
    pod.status().conditions().forEach(c -> byType.put(c.typeOr(""), c));
  }

  /** {@code status} with the conditions that follow from it. */
  static PodStatus of(Pod pod, PodStatus status, Instant now) {
    PodConditions conditions = new PodConditions(pod, now);
    conditions.follow(status);
    return status.withConditions(new ArrayList<>(conditions.byType.values()));
  }

  /**
   * Whether {@code after} only takes back what somebody else has written into the conditions of
   * {@code before}. Old clients drop the observed generation when they do.
   */
  static boolean areContested(Pod before, Pod after) {
    List<PodCondition> known = before.status().conditions();
    PodStatus told = after.status().withConditions(known);
    boolean dropped = before.status().observedGeneration() == null;
    return before.spec().readinessGates().isEmpty()
        && known.stream().anyMatch(c -> c.typeOr("").equals("Ready"))
        && before.status().equals(dropped ? told.withObservedGeneration(null) : told);
  }

  private void follow(PodStatus status) {
    boolean finished = PodLife.isFinished(status);
    boolean initialized = finished || isInitialized(status);
    boolean allReady =
        !finished
            && initialized
            && !status.containerStatuses().isEmpty()
            && status.containerStatuses().stream().allMatch(c -> c.readyOr(false));
    set("PodReadyToStartContainers", !finished, "");
    set("Initialized", initialized, initialized ? "" : "ContainersNotInitialized");
    String why = finished ? "PodCompleted" : "ContainersNotReady";
    set("ContainersReady", allReady, allReady ? "" : why);
    boolean gatesOpen =
        pod.spec().readinessGates().stream().allMatch(g -> holds(g.conditionTypeOr("")));
    boolean ready = allReady && gatesOpen;
    set("Ready", ready, ready ? "" : allReady ? "ReadinessGatesNotReady" : why);
  }

  private boolean isInitialized(PodStatus status) {
    List<Container> specs = pod.spec().initContainers();
    List<ContainerStatus> told = status.initContainerStatuses();
    return told.size() == specs.size()
        && IntStream.range(0, specs.size())
            .allMatch(i -> PodContainers.isPassed(specs.get(i), told.get(i)));
  }

  private boolean holds(String type) {
    PodCondition condition = byType.get(type);
    return condition != null && condition.statusOr("").equals("True");
  }

  /** The time of the last transition stays while the status does. */
  private void set(String type, boolean holds, String reason) {
    PodCondition before = byType.get(type);
    String status = holds ? "True" : "False";
    boolean same = before != null && before.statusOr("").equals(status);
    Instant since = same && before != null ? before.lastTransitionTimeOr(now) : now;
    byType.put(
        type,
        PodCondition.builder()
            .type(type)
            .status(status)
            .reason(reason.isEmpty() ? null : reason)
            .lastTransitionTime(since)
            .observedGeneration(pod.metadata().generation())
            .build());
  }
}
