package dev.kapell.node.pod;

import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.node.plan.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a new pod can have the ports of the node that it asks for. Pure. */
final class HostPorts {
  private static final String ANY = "0.0.0.0";

  private HostPorts() {}

  /** Why {@code pod} must not run beside {@code others}; empty when it may. */
  static Optional<Verdict> verdict(Pod pod, List<Pod> others) {
    List<ContainerPort> taken =
        others.stream().filter(other -> !ended(other)).flatMap(HostPorts::ports).toList();
    return ports(pod)
        .filter(port -> taken.stream().anyMatch(other -> conflict(port, other)))
        .findFirst()
        .map(
            port ->
                new Verdict(
                    "NodePorts",
                    "Pod was rejected: Predicate NodePorts failed: another pod of this node has"
                        + " port "
                        + port.hostPortOr(0)
                        + "/"
                        + port.protocolOr("TCP")
                        + "; leave nodeName to the scheduler, or choose another hostPort",
                    ""));
  }

  static boolean ended(Pod pod) {
    String phase = pod.status().phaseOr("");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  private static Stream<ContainerPort> ports(Pod pod) {
    return Stream.concat(
            pod.spec().containers().stream(),
            pod.spec().initContainers().stream()
                .filter(c -> c.restartPolicyOr("").equals("Always")))
        .flatMap(c -> c.ports().stream())
        .filter(p -> p.hostPortOr(0) > 0);
  }

  private static boolean conflict(ContainerPort one, ContainerPort other) {
    String ip = address(one);
    String otherIp = address(other);
    return one.hostPortOr(0).equals(other.hostPortOr(0))
        && one.protocolOr("TCP").equals(other.protocolOr("TCP"))
        && (ip.equals(otherIp) || ip.equals(ANY) || otherIp.equals(ANY));
  }

  private static String address(ContainerPort port) {
    String ip = port.hostIPOr("");
    return ip.isEmpty() ? ANY : ip;
  }
}
