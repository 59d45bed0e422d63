package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerState;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import java.util.List;

/** The pod's phase, from its containers' statuses (reference: Pod Lifecycle, Pod phase). */
final class Phase {
  private Phase() {}

  static String of(
      Pod pod, List<ContainerStatus> inits, List<ContainerStatus> mains, boolean over) {
    String policy = pod.spec().restartPolicyOr("Always");
    boolean mainsBegan = mains.stream().anyMatch(s -> hasRun(s));
    for (int i = 0; i < inits.size(); i++) {
      Container init = pod.spec().initContainers().get(i);
      ContainerStatus status = inits.get(i);
      if (PodContainers.isSidecar(init)) {
        if (!mainsBegan && !status.startedOr(false) && !over) {
          return "Pending";
        }
      } else if (exitCode(status) != 0 && !mainsBegan) {
        boolean failed =
            exitCode(status) > 0 && (init.restartPolicyOr(policy).equals("Never") || over);
        return failed ? "Failed" : over ? "Failed" : "Pending";
      }
    }
    long running = mains.stream().filter(s -> is(s, "running")).count();
    long ended = mains.stream().filter(s -> is(s, "terminated")).count();
    long fresh = mains.stream().filter(s -> is(s, "waiting") && !hasRun(s)).count();
    long succeeded = mains.stream().filter(s -> exitCode(s) == 0).count();
    if (over && running == 0) {
      return succeeded == mains.size() ? "Succeeded" : "Failed";
    }
    if (fresh > 0) {
      return "Pending";
    }
    if (running > 0 || ended < mains.size() || policy.equals("Always")) {
      return "Running";
    }
    if (succeeded == mains.size()) {
      return "Succeeded";
    }
    return policy.equals("Never") ? "Failed" : "Running";
  }

  /** -1 unless the container has ended. */
  private static int exitCode(ContainerStatus status) {
    ContainerState state = status.state();
    return state != null && state.terminated() != null ? state.terminated().exitCodeOr(0) : -1;
  }

  private static boolean is(ContainerStatus status, String which) {
    ContainerState state = status.state();
    if (state == null) {
      return false;
    }
    return switch (which) {
      case "running" -> state.running() != null;
      case "terminated" -> state.terminated() != null;
      default -> state.waiting() != null;
    };
  }

  private static boolean hasRun(ContainerStatus status) {
    ContainerState last = status.lastState();
    return is(status, "running")
        || is(status, "terminated")
        || (last != null && last.terminated() != null);
  }
}
