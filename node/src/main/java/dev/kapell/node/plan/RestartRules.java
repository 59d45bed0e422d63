package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerRestartRule;
import dev.kapell.api.core.v1.Pod;
import java.util.Set;

/**
 * Whether an exited container runs again: the container's own rules, its own policy, then the pod's
 * policy.
 */
final class RestartRules {
  private RestartRules() {}

  static boolean restarts(
      Pod pod, Container container, ContainerSeen exited, Set<String> condemned) {
    for (ContainerRestartRule rule : container.restartPolicyRules()) {
      if (rule.actionOr("").equals("Restart") && matches(rule, exited.exitCode())) {
        return true;
      }
    }
    return switch (policy(pod, container)) {
      case "Never" -> false;
      case "OnFailure" -> exited.exitCode() != 0 || condemned.contains(exited.id());
      default -> !isPlainInit(pod, container) || exited.exitCode() != 0;
    };
  }

  /** An init container that has to end. */
  static boolean isPlainInit(Pod pod, Container container) {
    return pod.spec().initContainers().contains(container) && !PodContainers.isSidecar(container);
  }

  static String policy(Pod pod, Container container) {
    return container.restartPolicyOr(pod.spec().restartPolicyOr("Always"));
  }

  private static boolean matches(ContainerRestartRule rule, int exitCode) {
    var codes = rule.exitCodes();
    if (codes == null) {
      return false;
    }
    boolean listed = codes.values().contains(exitCode);
    return codes.operatorOr("In").equals("In") == listed;
  }
}
