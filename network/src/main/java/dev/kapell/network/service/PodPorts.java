package dev.kapell.network.service;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Host ports of pods: a door of this node that leads to one pod. Pure. Somebody from outside keeps
 * his address, as with the external traffic policy Local.
 */
final class PodPorts {
  private PodPorts() {}

  static boolean hasAny(Pod pod) {
    return pod.spec().containers().stream().anyMatch(PodPorts::hasHostPort)
        || pod.spec().initContainers().stream().anyMatch(PodPorts::hasHostPort);
  }

  private static boolean hasHostPort(Container container) {
    return container.ports().stream().anyMatch(port -> port.hostPortOr(0) != 0);
  }

  /** The doors of a pod that has an address of its own and has not ended. */
  static List<PortView> of(Pod pod) {
    List<PortView> views = new ArrayList<>();
    String address = pod.status().podIPOr("");
    String phase = pod.status().phaseOr("");
    if (!hasAny(pod)
        || pod.spec().hostNetworkOr(false)
        || !Addresses.isIpv4(address)
        || phase.equals("Succeeded")
        || phase.equals("Failed")) {
      return views;
    }
    for (List<Container> containers :
        List.of(pod.spec().initContainers(), pod.spec().containers())) {
      for (Container container : containers) {
        container.ports().stream()
            .filter(port -> port.hostPortOr(0) != 0)
            .forEach(port -> views.add(view(pod, port, address)));
      }
    }
    return views;
  }

  private static PortView view(Pod pod, ContainerPort port, String address) {
    String protocol = port.protocolOr("TCP").toLowerCase(Locale.ROOT);
    String literal = port.hostIPOr("");
    String hostAddress = Addresses.isIpv4(literal) && !literal.equals("0.0.0.0") ? literal : "";
    Backend backend = new Backend(address, port.containerPortOr(0));
    return new PortView(
        "pod/" + ObjectKey.of(pod) + (hostAddress.isEmpty() ? "" : "/" + hostAddress),
        protocol,
        port.hostPortOr(0),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        List.of(new HostPort(hostAddress, port.hostPortOr(0), port.containerPortOr(0), protocol)),
        List.of(backend),
        List.of(backend),
        false,
        true,
        Optional.empty());
  }
}
