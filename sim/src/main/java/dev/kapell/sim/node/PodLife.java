package dev.kapell.sim.node;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.HostIP;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodIP;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a simulated node tells of a pod and when. Pure: everything it has to remember stands in the
 * pod's own status.
 *
 * <pre>
 *   accepted ──start──▶ init containers, one by one ──▶ running, ready ──▶ Succeeded, Failed
 *                                                        ▲    │ an end
 *                                                        └────┘ unless it is not to restart
 *   deletion asked for ──stop──▶ ended, then removed
 * </pre>
 */
final class PodLife {
  /**
   * A pod, where it is, and what the machine knows beyond the pod.
   *
   * @param killed its containers just ended for want of memory
   * @param address the pod's
   * @param hostAddress the machine's
   */
  record Seen(
      Pod pod,
      Machine machine,
      Manners manners,
      boolean killed,
      String address,
      String hostAddress) {}

  private final Seen seen;
  private final Pod pod;
  private final Instant now;
  private final Plan.Builder plan = new Plan.Builder();
  private final PodContainers containers;

  private PodLife(Seen seen, Instant now) {
    this.seen = seen;
    this.pod = seen.pod();
    this.now = now;
    this.containers = new PodContainers(seen, now, plan);
  }

  /** The next write, if one is due, and when the next is. */
  static Plan decide(Seen seen, Instant now) {
    return new PodLife(seen, now).decide();
  }

  private Plan decide() {
    if (!seen.machine().answers()) {
      return Plan.NOTHING;
    }
    if (pod.metadata().deletionTimestamp() != null) {
      return end(pod.metadata().deletionTimestamp());
    }
    if (isFinished(pod.status())) {
      return Plan.NOTHING;
    }
    boolean isNew = pod.status().startTime() == null;
    Duration start = seen.machine().slowed(seen.manners().startOf(pod));
    if (isNew && start.isPositive()) {
      plan.againAfter(start);
      return told(containers.waiting(accepted()), "accepted");
    }
    PodStatus known = isNew ? containers.waiting(accepted()) : pod.status();
    return isOverdue() ? failed(known) : told(containers.next(known), "containers changed");
  }

  private PodStatus accepted() {
    String ip = pod.spec().hostNetworkOr(false) ? seen.hostAddress() : seen.address();
    return pod.status().toBuilder()
        .startTime(now)
        .hostIP(seen.hostAddress())
        .hostIPs(List.of(HostIP.builder().ip(seen.hostAddress()).build()))
        .podIP(ip)
        .podIPs(List.of(PodIP.builder().ip(ip).build()))
        .build();
  }

  static boolean isFinished(PodStatus status) {
    String phase = status.phaseOr("");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Whether it has run for longer than it may; else it is looked at again when it has. */
  private boolean isOverdue() {
    Long seconds = pod.spec().activeDeadlineSeconds();
    if (seconds == null) {
      return false;
    }
    Instant end = pod.status().startTimeOr(now).plusSeconds(seconds);
    if (now.isBefore(end)) {
      plan.againAfter(Duration.between(now, end));
      return false;
    }
    return true;
  }

  private Plan failed(PodStatus status) {
    return told(
        containers.ended(status, 137).toBuilder()
            .phase("Failed")
            .reason("DeadlineExceeded")
            .message("Pod was active on the node longer than the specified deadline")
            .build(),
        "it ran for longer than it may");
  }

  /** Deletion was asked for: the containers end, and then the pod goes. */
  private Plan end(Instant deadline) {
    long graceSeconds = pod.metadata().deletionGracePeriodSecondsOr(0L);
    if (isFinished(pod.status())) {
      if (graceSeconds > 0) {
        plan.add(removal());
      }
      return plan.build();
    }
    Duration stop = seen.machine().slowed(seen.manners().stop());
    Instant due = deadline.minusSeconds(graceSeconds).plus(stop);
    due = due.isAfter(deadline) ? deadline : due;
    if (now.isBefore(due)) {
      return Plan.later(Duration.between(now, due));
    }
    PodStatus ended = containers.ended(pod.status(), 143);
    List<ContainerStatus> all = ended.containerStatuses();
    boolean never = all.stream().noneMatch(Containers::hasEnded);
    boolean clean = !never && all.stream().allMatch(c -> Containers.exitCode(c) == 0);
    told(ended.withPhase(clean ? "Succeeded" : "Failed"), "it was to end");
    plan.add(removal());
    return plan.build();
  }

  private Change removal() {
    return new Change.Delete<>(
        Types.POD,
        ObjectKey.of(pod),
        pod.metadata().uidOr(""),
        Change.Propagation.DEFAULT,
        0,
        null,
        "its containers have ended");
  }

  private Plan told(PodStatus next, String reason) {
    PodStatus status = next.withObservedGeneration(pod.metadata().generation());
    Pod after = pod.withStatus(PodConditions.of(pod, status, now));
    if (!after.equals(pod)) {
      plan.add(Change.updateStatus(Types.POD, pod, after, reason));
    }
    return plan.build();
  }
}
