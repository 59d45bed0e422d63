package dev.kapell.node.plan;

import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.api.core.v1.PodReadinessGate;
import dev.kapell.node.plan.Allocation.Pending;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The conditions this node writes (reference: Pod Lifecycle, Pod conditions); those of others are
 * kept.
 */
final class Conditions {
  private final PodObserved seen;
  private final Pod pod;
  private final Progress progress;
  private final Instant now;
  private final Map<String, PodCondition> byType = new LinkedHashMap<>();

  Conditions(PodObserved seen, Progress progress, Instant now) {
    this.seen = seen;
    this.pod = seen.pod();
    this.progress = progress;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
    pod.status().conditions().forEach(c -> byType.put(c.typeOr(""), c));
  }

  List<PodCondition> of(
      String phase,
      List<ContainerStatus> inits,
      List<ContainerStatus> mains,
      @Nullable Verdict verdict) {
    set("PodReadyToStartContainers", seen.readySandbox().isPresent(), "", "");
    initialized(phase, inits);
    containersReady(phase, inits, mains);
    ready();
    set("PodScheduled", true, "", "");
    resize();
    if (verdict != null && !verdict.disruption().isEmpty()) {
      set("DisruptionTarget", true, verdict.disruption(), verdict.message());
    }
    return new ArrayList<>(byType.values());
  }

  /** Each is there only while it holds (reference: Pod resize status). */
  private void resize() {
    Pending pending = seen.memory().resizes().pending();
    if (pending == null) {
      byType.remove("PodResizePending");
    } else {
      set("PodResizePending", true, pending.reason(), pending.message());
    }
    List<ContainerSeen> resizing = seen.resizing();
    if (resizing.isEmpty()) {
      byType.remove("PodResizeInProgress");
      return;
    }
    Optional<StartFailure> failure =
        resizing.stream()
            .map(c -> seen.memory().resizes().failures().get(c.id()))
            .filter(Objects::nonNull)
            .findFirst();
    set(
        "PodResizeInProgress",
        true,
        failure.map(StartFailure::reason).orElse(""),
        failure.map(StartFailure::message).orElse(""));
  }

  private void initialized(String phase, List<ContainerStatus> inits) {
    if (phase.equals("Succeeded")) {
      set("Initialized", true, "PodCompleted", "");
    } else if (progress.initialized()) {
      set("Initialized", true, "", "");
    } else {
      List<String> open = new ArrayList<>();
      for (int i = 0; i < inits.size(); i++) {
        if (!progress.initDone(pod.spec().initContainers().get(i))) {
          open.add(inits.get(i).nameOr(""));
        }
      }
      set(
          "Initialized",
          false,
          "ContainersNotInitialized",
          "containers with incomplete status: " + words(open));
    }
  }

  private void containersReady(
      String phase, List<ContainerStatus> inits, List<ContainerStatus> mains) {
    if (phase.equals("Succeeded")) {
      set("ContainersReady", false, "PodCompleted", "");
      return;
    }
    if (phase.equals("Failed")) {
      set("ContainersReady", false, "PodFailed", "");
      return;
    }
    List<String> open = new ArrayList<>();
    for (int i = 0; i < inits.size(); i++) {
      boolean sidecar = PodContainers.isSidecar(pod.spec().initContainers().get(i));
      if (sidecar && !inits.get(i).readyOr(false)) {
        open.add(inits.get(i).nameOr(""));
      }
    }
    mains.stream().filter(s -> !s.readyOr(false)).forEach(s -> open.add(s.nameOr("")));
    if (open.isEmpty()) {
      set("ContainersReady", true, "", "");
    } else {
      set(
          "ContainersReady",
          false,
          "ContainersNotReady",
          "containers with unready status: " + words(open));
    }
  }

  private void ready() {
    PodCondition containers = byType.get("ContainersReady");
    if (containers == null || !containers.statusOr("").equals("True")) {
      set(
          "Ready",
          false,
          containers == null ? "" : containers.reasonOr(""),
          containers == null ? "" : containers.messageOr(""));
      return;
    }
    List<String> closed = new ArrayList<>();
    for (PodReadinessGate gate : pod.spec().readinessGates()) {
      PodCondition condition = byType.get(gate.conditionTypeOr(""));
      if (condition == null) {
        closed.add(
            "corresponding condition of pod readiness gate \""
                + gate.conditionTypeOr("")
                + "\" does not exist.");
      } else if (!condition.statusOr("").equals("True")) {
        closed.add(
            "the status of pod readiness gate \""
                + gate.conditionTypeOr("")
                + "\" is not \"True\", but "
                + condition.statusOr(""));
      }
    }
    if (closed.isEmpty()) {
      set("Ready", true, "", "");
    } else {
      set("Ready", false, "ReadinessGatesNotReady", String.join(", ", closed));
    }
  }

  /** The time of the last transition stays while the status does. */
  private void set(String type, boolean holds, String reason, String message) {
    PodCondition before = byType.get(type);
    String status = holds ? "True" : "False";
    boolean same = before != null && before.statusOr("").equals(status);
    Instant transition = same && before != null ? before.lastTransitionTime() : null;
    Instant since = transition == null ? now : transition;
    byType.put(
        type,
        PodCondition.builder()
            .type(type)
            .status(status)
            .reason(reason.isEmpty() ? null : reason)
            .message(message.isEmpty() ? null : message)
            .lastTransitionTime(since)
            .observedGeneration(pod.metadata().generation())
            .build());
  }

  private static String words(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }
}
