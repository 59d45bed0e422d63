package dev.kapell.network.service;

import dev.kapell.api.core.v1.LoadBalancerIngress;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.core.v1.ServicePort;
import dev.kapell.api.core.v1.ServiceSpec;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointPort;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * From API objects to what this node has to serve. Pure. Follows "Virtual IPs and Service Proxies"
 * of the Kubernetes reference: ready endpoints first; when there are none, those that end but still
 * serve.
 */
final class PortViews {
  private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

  private PortViews() {}

  /** The ports of {@code service}; none when it has no address of its own. */
  static List<PortView> of(Service service, Collection<EndpointSlice> slices, NodeView node) {
    ServiceSpec spec = service.spec();
    List<String> addresses = Addresses.ipv4Of(clusterAddresses(spec));
    if (addresses.isEmpty() || addresses.contains(node.dnsAddress())) {
      return List.of();
    }
    List<HostPort> doors = hostPorts(service);
    List<PortView> views = new ArrayList<>();
    for (ServicePort port : spec.ports()) {
      views.add(view(service, port, addresses, doors, new Backends(slices, port, node)));
    }
    return views;
  }

  private static PortView view(
      Service service,
      ServicePort port,
      List<String> addresses,
      List<HostPort> doors,
      Backends backends) {
    ServiceSpec spec = service.spec();
    String protocol = protocol(port.protocolOr("TCP"));
    int number = port.portOr(0);
    return new PortView(
        ObjectKey.of(service).toString(),
        protocol,
        number,
        addresses,
        Addresses.ipv4Of(spec.externalIPs()),
        balancerAddresses(service),
        spec.loadBalancerSourceRanges().stream()
            .map(String::strip)
            .filter(Addresses::isIpv4Cidr)
            .sorted()
            .toList(),
        port.nodePortOr(0),
        doors.stream()
            .filter(door -> door.servicePort() == number && door.protocol().equals(protocol))
            .toList(),
        backends.usable(false),
        backends.usable(true),
        spec.internalTrafficPolicyOr("Cluster").equals("Local"),
        spec.externalTrafficPolicyOr("Cluster").equals("Local"),
        affinity(spec));
  }

  private static List<String> clusterAddresses(ServiceSpec spec) {
    return !spec.clusterIPs().isEmpty() ? spec.clusterIPs() : List.of(spec.clusterIPOr(""));
  }

  private static List<String> balancerAddresses(Service service) {
    var balancer = service.status().loadBalancer();
    return balancer == null
        ? List.of()
        : Addresses.ipv4Of(
            balancer.ingress().stream()
                .filter(ingress -> ingress.ipModeOr("VIP").equals("VIP"))
                .map((LoadBalancerIngress ingress) -> ingress.ipOr(""))
                .toList());
  }

  private static List<HostPort> hostPorts(Service service) {
    try {
      return HostPort.parse(service.metadata().annotations().getOrDefault(HostPort.ANNOTATION, ""));
    } catch (IllegalArgumentException e) {
      return List.of(); // ServiceProxy names it in the log, once for each change
    }
  }

  private static Optional<Integer> affinity(ServiceSpec spec) {
    if (!spec.sessionAffinityOr("None").equals("ClientIP")) {
      return Optional.empty();
    }
    var config = spec.sessionAffinityConfig();
    var clientIp = config == null ? null : config.clientIP();
    return Optional.of(
        clientIp == null
            ? DEFAULT_AFFINITY_SECONDS
            : clientIp.timeoutSecondsOr(DEFAULT_AFFINITY_SECONDS));
  }

  private static String protocol(String apiProtocol) {
    return apiProtocol.toLowerCase(Locale.ROOT);
  }

  /** Whether traffic may go to {@code endpoint}; one that says nothing is ready. */
  static boolean isReady(Endpoint endpoint) {
    EndpointConditions conditions = endpoint.conditions();
    return conditions == null || conditions.readyOr(true);
  }

  /** The endpoints that serve one port. */
  private record Backends(Collection<EndpointSlice> slices, ServicePort port, NodeView node) {

    List<Backend> usable(boolean onlyHere) {
      List<Backend> ready = select(onlyHere, true);
      return ready.isEmpty() ? select(onlyHere, false) : ready;
    }

    private List<Backend> select(boolean onlyHere, boolean wantReady) {
      Map<Endpoint, Integer> ports = new LinkedHashMap<>();
      for (EndpointSlice slice : slices) {
        int target = targetPort(slice);
        if (!slice.addressTypeOr("").equals("IPv4") || target == 0) {
          continue;
        }
        for (Endpoint endpoint : slice.endpoints()) {
          boolean counts = wantReady ? isReady(endpoint) : isServingToTheEnd(endpoint);
          if (counts && (!onlyHere || endpoint.nodeNameOr("").equals(node.nodeName()))) {
            ports.put(endpoint, target);
          }
        }
      }
      List<Endpoint> chosen = List.copyOf(ports.keySet());
      if (wantReady && !onlyHere) {
        chosen = new Nearness(node.nodeName(), node.zone()).among(chosen);
      }
      TreeSet<Backend> found = new TreeSet<>();
      for (Endpoint endpoint : chosen) {
        endpoint.addresses().stream()
            .limit(1)
            .filter(Addresses::isIpv4)
            .forEach(address -> found.add(new Backend(address, ports.getOrDefault(endpoint, 0))));
      }
      return List.copyOf(found);
    }

    private int targetPort(EndpointSlice slice) {
      for (EndpointPort candidate : slice.ports()) {
        if (candidate.nameOr("").equals(port.nameOr(""))
            && protocol(candidate.protocolOr("TCP")).equals(protocol(port.protocolOr("TCP")))) {
          return candidate.portOr(0);
        }
      }
      return 0;
    }

    private static boolean isServingToTheEnd(Endpoint endpoint) {
      EndpointConditions conditions = endpoint.conditions();
      return conditions != null
          && conditions.servingOr(conditions.readyOr(true))
          && conditions.terminatingOr(false);
    }
  }
}
