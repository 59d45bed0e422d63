package dev.kapell.controllers.endpoint;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodIP;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointPort;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The endpoints that a Service should have, by their ports. Pure. */
final class SliceEndpoints {
  private SliceEndpoints() {}

  /** Pods that resolve a named port to different numbers are in different groups. */
  static Map<List<EndpointPort>, List<Endpoint>> of(
      Service service, List<Pod> pods, Function<String, Optional<Node>> nodes, String addressType) {
    Map<List<EndpointPort>, List<Endpoint>> groups = new LinkedHashMap<>();
    for (Pod pod : pods) {
      Optional<String> address = address(pod, addressType);
      if (address.isEmpty() || Pods.isFinished(pod)) {
        continue;
      }
      groups
          .computeIfAbsent(ports(service, pod), k -> new ArrayList<>())
          .add(endpoint(service, pod, address.get(), nodes));
    }
    return groups;
  }

  private static Optional<String> address(Pod pod, String addressType) {
    boolean v6 = addressType.equals("IPv6");
    for (PodIP ip : pod.status().podIPs()) {
      String text = ip.ipOr("");
      if (!text.isEmpty() && text.contains(":") == v6) {
        return Optional.of(text);
      }
    }
    String single = pod.status().podIPOr("");
    return single.isEmpty() || single.contains(":") != v6 ? Optional.empty() : Optional.of(single);
  }

  private static List<EndpointPort> ports(Service service, Pod pod) {
    List<EndpointPort> ports = new ArrayList<>();
    for (ServicePort port : service.spec().ports()) {
      Services.targetPort(port, pod)
          .ifPresent(
              number ->
                  ports.add(
                      EndpointPort.builder()
                          .name(port.nameOr(""))
                          .port(number)
                          .protocol(port.protocolOr("TCP"))
                          .appProtocol(port.appProtocol())
                          .build()));
    }
    return ports;
  }

  private static Endpoint endpoint(
      Service service, Pod pod, String address, Function<String, Optional<Node>> nodes) {
    boolean serving = Pods.isReady(pod);
    boolean terminating = Pods.isTerminating(pod);
    boolean publish = service.spec().publishNotReadyAddressesOr(false);
    String node = pod.spec().nodeNameOr("");
    Endpoint.Builder endpoint =
        Endpoint.builder()
            .addresses(List.of(address))
            .conditions(
                EndpointConditions.builder()
                    .ready(publish || (serving && !terminating))
                    .serving(serving)
                    .terminating(terminating)
                    .build())
            .targetRef(reference(pod));
    if (!node.isEmpty()) {
      endpoint.nodeName(node);
      nodes
          .apply(node)
          .map(n -> n.metadata().labels().get("topology.kubernetes.io/zone"))
          .ifPresent(endpoint::zone);
    }
    hostname(service, pod).ifPresent(endpoint::hostname);
    return Hints.hinted(service, endpoint.build());
  }

  /** The name of its own that a pod has under a headless Service. */
  static Optional<String> hostname(Service service, Pod pod) {
    boolean named =
        !pod.spec().hostnameOr("").isEmpty()
            && pod.spec().subdomainOr("").equals(service.metadata().nameOr("?"));
    return named ? Optional.of(pod.spec().hostnameOr("")) : Optional.empty();
  }

  static ObjectReference reference(Pod pod) {
    return ObjectReference.builder()
        .kind("Pod")
        .namespace(pod.metadata().namespace())
        .name(pod.metadata().name())
        .uid(pod.metadata().uid())
        .build();
  }
}
