package dev.kapell.sim.node;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.control.loop.Plan;
import dev.kapell.sim.node.ContainerLife.Restart;
import dev.kapell.sim.node.ContainerLife.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The containers of one pod in the order in which they run: those that come first, one by one,
 * where a sidecar is passed as soon as it runs; then the others, all together. Pure.
 */
final class PodContainers {
  private final PodLife.Seen seen;
  private final Pod pod;
  private final Instant now;
  private final ContainerLife life;

  PodContainers(PodLife.Seen seen, Instant now, Plan.Builder plan) {
    this.seen = seen;
    this.pod = seen.pod();
    this.now = now;
    this.life = new ContainerLife(seen, now, plan);
  }

  /** {@code status} with all of them waiting. */
  PodStatus waiting(PodStatus status) {
    String reason = pod.spec().initContainers().isEmpty() ? "ContainerCreating" : "PodInitializing";
    return status
        .withPhase("Pending")
        .withInitContainerStatuses(waiting(pod.spec().initContainers(), reason))
        .withContainerStatuses(waiting(pod.spec().containers(), reason));
  }

  private static List<ContainerStatus> waiting(List<Container> specs, String reason) {
    return specs.stream().map(spec -> Containers.waiting(spec, reason)).toList();
  }

  /** {@code status} as it is now, and the phase that follows. */
  PodStatus next(PodStatus status) {
    List<ContainerStatus> first = new ArrayList<>();
    List<Container> specs = pod.spec().initContainers();
    boolean passed = true;
    for (int i = 0; i < specs.size(); i++) {
      Container spec = specs.get(i);
      ContainerStatus known = known(status.initContainerStatuses(), i, spec);
      ContainerStatus after = passed ? life.next(spec, known, roleBefore(spec)) : known;
      passed = passed && isPassed(spec, after);
      first.add(after);
    }
    List<ContainerStatus> others = others(status, passed);
    String phase = passed || hasBegun(others) ? phase(others) : phaseBefore(first);
    PodStatus next =
        status.withPhase(phase).withInitContainerStatuses(first).withContainerStatuses(others);
    return PodLife.isFinished(next) ? ended(next, 0) : next;
  }

  private List<ContainerStatus> others(PodStatus status, boolean mayRun) {
    List<ContainerStatus> all = new ArrayList<>();
    List<Container> specs = pod.spec().containers();
    for (int i = 0; i < specs.size(); i++) {
      Container spec = specs.get(i);
      ContainerStatus known = known(status.containerStatuses(), i, spec);
      all.add(mayRun || Containers.runs(known) ? life.next(spec, known, role(spec)) : known);
    }
    return all;
  }

  private static ContainerStatus known(List<ContainerStatus> statuses, int i, Container spec) {
    return i < statuses.size() ? statuses.get(i) : Containers.waiting(spec, "ContainerCreating");
  }

  private Role role(Container spec) {
    String policy = spec.restartPolicyOr(pod.spec().restartPolicyOr("Always"));
    return new Role(Restart.of(policy), seen.manners().programOf(pod, spec));
  }

  private Role roleBefore(Container spec) {
    if (isSidecar(spec)) {
      return new Role(Restart.ALWAYS, Program.written(spec).orElse(Program.ENDLESS));
    }
    boolean never = pod.spec().restartPolicyOr("Always").equals("Never");
    return new Role(
        never ? Restart.NEVER : Restart.ON_FAILURE, Program.written(spec).orElse(Program.DONE));
  }

  private static boolean isSidecar(Container first) {
    return first.restartPolicyOr("").equals("Always");
  }

  /** Whether the containers behind one that comes first may run. */
  static boolean isPassed(Container first, ContainerStatus status) {
    return isSidecar(first)
        ? Containers.runs(status)
        : Containers.hasEnded(status) && Containers.exitCode(status) == 0;
  }

  private static String phaseBefore(List<ContainerStatus> first) {
    boolean failed =
        first.stream().anyMatch(c -> Containers.hasEnded(c) && Containers.exitCode(c) != 0);
    return failed ? "Failed" : "Pending";
  }

  private static String phase(List<ContainerStatus> others) {
    if (others.stream().allMatch(Containers::hasEnded)) {
      return others.stream().allMatch(c -> Containers.exitCode(c) == 0) ? "Succeeded" : "Failed";
    }
    return hasBegun(others) ? "Running" : "Pending";
  }

  private static boolean hasBegun(List<ContainerStatus> others) {
    return others.stream()
        .anyMatch(c -> Containers.runs(c) || Containers.hasEnded(c) || c.restartCountOr(0) > 0);
  }

  /** {@code status} with all that runs ended by somebody else. */
  PodStatus ended(PodStatus status, int exitCode) {
    return status
        .withInitContainerStatuses(ended(status.initContainerStatuses(), exitCode))
        .withContainerStatuses(ended(status.containerStatuses(), exitCode));
  }

  private List<ContainerStatus> ended(List<ContainerStatus> statuses, int exitCode) {
    String reason = exitCode == 0 ? "Completed" : "Error";
    return statuses.stream()
        .map(c -> Containers.runs(c) ? Containers.ended(c, exitCode, reason, now) : c)
        .toList();
  }
}
