package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Pod;
import java.util.List;
import java.util.Optional;

/** How far a pod's containers are; what plan and status both ask. */
final class Progress {
  private final PodObserved seen;
  private final Pod pod;

  Progress(PodObserved seen) {
    this.seen = seen;
    this.pod = seen.pod();
  }

  /** Whether every init container has done its part, in this sandbox. */
  boolean initialized() {
    List<Container> inits = pod.spec().initContainers();
    if (inits.isEmpty() || mainStarted()) {
      return true;
    }
    return inits.stream().allMatch(this::initDone);
  }

  /** Once a main container exists in the sandbox, finished init containers are not asked again. */
  private boolean mainStarted() {
    return pod.spec().containers().stream()
        .anyMatch(
            c ->
                (seen.sandboxes().isEmpty() || seen.readySandbox().isPresent()
                        ? seen.latestInSandbox(c.nameOr(""))
                        : seen.latest(c.nameOr("")))
                    .isPresent());
  }

  boolean initDone(Container init) {
    Optional<ContainerSeen> last = lastOfInit(init);
    return PodContainers.isSidecar(init)
        ? last.filter(c -> c.running() && probes(init, c).started() == ProbeSeen.Result.PASSED)
            .isPresent()
        : last.filter(c -> c.exited() && c.exitCode() == 0).isPresent();
  }

  /**
   * Init containers run again in a new sandbox, so older attempts count only when there is none.
   */
  Optional<ContainerSeen> lastOfInit(Container init) {
    return seen.readySandbox().isPresent()
        ? seen.latestInSandbox(init.nameOr(""))
        : seen.latest(init.nameOr(""));
  }

  /** A container that failed for good before the main ones could start. */
  boolean initFailed() {
    return pod.spec().initContainers().stream()
        .filter(c -> !PodContainers.isSidecar(c))
        .anyMatch(c -> lastOfInit(c).filter(last -> failedForGood(c, last)).isPresent());
  }

  private boolean failedForGood(Container init, ContainerSeen last) {
    return last.exited()
        && last.exitCode() != 0
        && !RestartRules.restarts(pod, init, last, seen.memory().condemned());
  }

  /** Nothing of the pod's work is left to do, well or badly. */
  boolean finished() {
    if (initFailed()) {
      return true;
    }
    return pod.spec().containers().stream()
        .allMatch(
            c ->
                !seen.starting(c.nameOr(""))
                    && seen.latest(c.nameOr(""))
                        .filter(
                            last ->
                                last.exited()
                                    && !RestartRules.restarts(
                                        pod, c, last, seen.memory().condemned()))
                        .isPresent());
  }

  /** The probes' word on a running container. */
  ProbeSeen probes(Container container, ContainerSeen running) {
    ProbeSeen known = seen.memory().probes().get(running.id());
    if (known != null) {
      return known;
    }
    return new ProbeSeen(
        container.startupProbe() == null ? ProbeSeen.Result.PASSED : ProbeSeen.Result.UNKNOWN,
        ProbeSeen.Result.PASSED,
        container.readinessProbe() == null ? ProbeSeen.Result.PASSED : ProbeSeen.Result.UNKNOWN);
  }

  /** Whether a container runs, has started, and passes its readiness probe. */
  boolean ready(Container container, ContainerSeen last) {
    ProbeSeen probes = probes(container, last);
    return last.running()
        && probes.started() == ProbeSeen.Result.PASSED
        && probes.ready() == ProbeSeen.Result.PASSED;
  }
}
