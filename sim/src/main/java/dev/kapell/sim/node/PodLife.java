package dev.kapell.sim.node;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Container;
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
import java.util.ArrayList;
import java.util.List;

/**
 * What a simulated node tells of a pod and when. Pure: everything it has to remember stands in the
 * pod's own status.
 *
 * <pre>
 *   accepted ──start──▶ running, ready ──run──▶ Succeeded, Failed
 *                         ▲    │ killed, machine rebooted
 *                         └────┘ unless it is not to restart
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

  private PodLife(Seen seen, Instant now) {
    this.seen = seen;
    this.pod = seen.pod();
    this.now = now;
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
    if (isFinished(pod)) {
      return Plan.NOTHING;
    }
    if (pod.status().startTime() == null) {
      PodStatus accepted = withAddresses(pod.status()).withStartTime(now);
      List<ContainerStatus> waiting =
          pod.spec().containers().stream()
              .map(c -> Containers.waiting(c, "ContainerCreating"))
              .toList();
      plan.againAfter(seen.machine().slowed(seen.manners().startOf(pod)));
      return told(accepted, waiting, "accepted");
    }
    return told(pod.status(), containers(), "containers changed");
  }

  private static boolean isFinished(Pod pod) {
    String phase = pod.status().phaseOr("");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Deletion was asked for: the containers end, and then the pod goes. */
  private Plan end(Instant deadline) {
    long graceSeconds = pod.metadata().deletionGracePeriodSecondsOr(0L);
    if (isFinished(pod)) {
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
    List<ContainerStatus> ended =
        statuses().stream()
            .map(c -> Containers.runs(c) ? Containers.ended(c, 143, "Error", now) : c)
            .toList();
    boolean never = ended.stream().noneMatch(Containers::hasEnded);
    boolean clean = !never && ended.stream().allMatch(c -> Containers.exitCode(c) == 0);
    PodStatus status = pod.status().withPhase(clean ? "Succeeded" : "Failed");
    told(status, ended, "it was to end");
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

  private List<ContainerStatus> statuses() {
    List<ContainerStatus> known = pod.status().containerStatuses();
    List<ContainerStatus> all = new ArrayList<>();
    List<Container> specs = pod.spec().containers();
    for (int i = 0; i < specs.size(); i++) {
      all.add(
          i < known.size() ? known.get(i) : Containers.waiting(specs.get(i), "ContainerCreating"));
    }
    return all;
  }

  private List<ContainerStatus> containers() {
    List<ContainerStatus> before = statuses();
    List<ContainerStatus> after = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      after.add(next(pod.spec().containers().get(i), before.get(i)));
    }
    return after;
  }

  private ContainerStatus next(Container spec, ContainerStatus before) {
    if (Containers.hasEnded(before)) {
      return before;
    }
    if (!Containers.runs(before)) {
      Instant since = Containers.endedAt(before, pod.status().startTimeOr(now));
      Instant due = since.plus(seen.machine().slowed(seen.manners().startOf(pod)));
      if (now.isBefore(due)) {
        plan.againAfter(Duration.between(now, due));
        return before;
      }
      String id = "simulated://" + pod.metadata().uidOr("") + "/" + before.restartCountOr(0);
      ContainerStatus running = Containers.running(spec, before, id, now);
      remindOfEnd(running);
      return running;
    }
    Instant started = Containers.startedAt(before, now);
    if (started.isBefore(seen.machine().bootedAt())) {
      return afterEnd(Containers.ended(before, 255, "Unknown", now));
    }
    if (seen.killed()) {
      return afterEnd(Containers.ended(before, 137, "OOMKilled", now));
    }
    Duration run = seen.manners().runOf(pod);
    if (!run.isNegative() && !now.isBefore(started.plus(run))) {
      int code = Manners.exitCodeOf(pod);
      return afterEnd(Containers.ended(before, code, code == 0 ? "Completed" : "Error", now));
    }
    remindOfEnd(before);
    return before;
  }

  private void remindOfEnd(ContainerStatus running) {
    Duration run = seen.manners().runOf(pod);
    if (!run.isNegative()) {
      plan.againAfter(Duration.between(now, Containers.startedAt(running, now).plus(run)));
    }
  }

  /** It stays ended, or is started again after a while. */
  private ContainerStatus afterEnd(ContainerStatus ended) {
    boolean again =
        switch (pod.spec().restartPolicyOr("Always")) {
          case "Never" -> false;
          case "OnFailure" -> Containers.exitCode(ended) != 0;
          default -> true;
        };
    if (!again) {
      return ended;
    }
    plan.againAfter(seen.machine().slowed(seen.manners().startOf(pod)));
    return Containers.again(ended);
  }

  private Plan told(PodStatus base, List<ContainerStatus> containers, String reason) {
    String phase = isFinished(base) ? base.phaseOr("") : phase(containers);
    PodStatus status =
        base.toBuilder()
            .phase(phase)
            .containerStatuses(containers)
            .observedGeneration(pod.metadata().generation())
            .build();
    Pod after = pod.withStatus(PodConditions.of(pod, status, now));
    if (!after.equals(pod)) {
      plan.add(Change.updateStatus(Types.POD, pod, after, reason));
    }
    return plan.build();
  }

  private static boolean isFinished(PodStatus status) {
    String phase = status.phaseOr("");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  private static String phase(List<ContainerStatus> containers) {
    if (containers.stream().allMatch(Containers::hasEnded)) {
      return containers.stream().allMatch(c -> Containers.exitCode(c) == 0)
          ? "Succeeded"
          : "Failed";
    }
    boolean begun =
        containers.stream().anyMatch(c -> Containers.runs(c) || c.restartCountOr(0) > 0);
    return begun ? "Running" : "Pending";
  }

  private PodStatus withAddresses(PodStatus status) {
    String ip = pod.spec().hostNetworkOr(false) ? seen.hostAddress() : seen.address();
    return status
        .withHostIP(seen.hostAddress())
        .withHostIPs(List.of(HostIP.builder().ip(seen.hostAddress()).build()))
        .withPodIP(ip)
        .withPodIPs(List.of(PodIP.builder().ip(ip).build()));
  }
}
