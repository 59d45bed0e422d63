package dev.kapell.network.dns;

import dev.kapell.api.core.v1.Service;
import dev.kapell.api.discovery.v1.Endpoint;
import dev.kapell.api.discovery.v1.EndpointConditions;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.client.ObjectKey;
import dev.kapell.network.dns.ServiceNames.Addressed;
import dev.kapell.network.dns.ServiceNames.External;
import dev.kapell.network.dns.ServiceNames.Headless;
import dev.kapell.network.dns.ServiceNames.Host;
import dev.kapell.network.dns.ServiceNames.Namespace;
import dev.kapell.network.dns.ServiceNames.Port;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** From Services and EndpointSlices to a {@link Zone}. Pure. */
final class Zones {
  private final String domain;
  private final Map<String, Map<String, ServiceNames>> names = new HashMap<>();
  private final Map<String, List<String>> pointers = new HashMap<>();

  private Zones(String domain) {
    this.domain = domain;
  }

  /**
   * The names of all {@code services}.
   *
   * @param slices the EndpointSlices of a Service
   */
  static Zone of(
      String domain,
      Collection<Service> services,
      Function<ObjectKey, List<EndpointSlice>> slices,
      int serial) {
    Zones zones = new Zones(domain);
    for (Service service : services) {
      zones.add(service, slices.apply(ObjectKey.of(service)));
    }
    Map<String, Namespace> namespaces = new HashMap<>();
    zones.names.forEach((name, inside) -> namespaces.put(name, new Namespace(inside)));
    return new Zone(domain, namespaces, zones.pointers, serial);
  }

  private void add(Service service, List<EndpointSlice> slices) {
    ObjectKey key = ObjectKey.of(service);
    String fullName = key.name() + "." + key.namespace() + ".svc." + domain;
    ServiceNames found;
    if (service.spec().typeOr("ClusterIP").equals("ExternalName")) {
      if (!DnsName.isName(service.spec().externalNameOr(""))) {
        return; // no answer could hold it
      }
      found = new External(withoutLastDot(service.spec().externalNameOr("")));
    } else if (service.spec().clusterIPOr("").equals("None")) {
      found = headless(slices, fullName);
    } else {
      found = addressed(service, fullName);
      addHosts(slices, fullName);
    }
    names.computeIfAbsent(key.namespace(), any -> new HashMap<>()).put(key.name(), found);
  }

  private ServiceNames addressed(Service service, String fullName) {
    List<byte[]> addresses = new ArrayList<>();
    for (String literal : service.spec().clusterIPs()) {
      IpAddress.parse(literal)
          .ifPresent(
              address -> {
                addresses.add(address);
                point(address, fullName);
              });
    }
    List<Port> ports =
        service.spec().ports().stream()
            .map(port -> port(port.nameOr(""), port.protocolOr("TCP"), port.portOr(0)))
            .toList();
    return new Addressed(addresses, ports);
  }

  private ServiceNames headless(List<EndpointSlice> slices, String fullName) {
    return new Headless(addHosts(slices, fullName));
  }

  /** The ready pods, each of which also gets a pointer. */
  private List<Host> addHosts(List<EndpointSlice> slices, String fullName) {
    List<Host> hosts = new ArrayList<>();
    for (EndpointSlice slice : slices) {
      List<Port> ports =
          slice.ports().stream()
              .map(port -> port(port.nameOr(""), port.protocolOr("TCP"), port.portOr(0)))
              .toList();
      for (Endpoint endpoint : slice.endpoints()) {
        if (!isReady(endpoint) || endpoint.addresses().isEmpty()) {
          continue;
        }
        String label =
            endpoint.hostnameOr("").isEmpty()
                ? IpAddress.label(endpoint.addresses().getFirst())
                : endpoint.hostnameOr("").toLowerCase(Locale.ROOT);
        List<byte[]> addresses = new ArrayList<>();
        for (String literal : endpoint.addresses()) {
          IpAddress.parse(literal)
              .ifPresent(
                  address -> {
                    addresses.add(address);
                    point(address, label + "." + fullName);
                  });
        }
        hosts.add(new Host(label, addresses, ports));
      }
    }
    return hosts;
  }

  private void point(byte[] address, String fullName) {
    List<String> targets =
        pointers.computeIfAbsent(IpAddress.reverse(address), any -> new ArrayList<>());
    if (!targets.contains(fullName)) {
      targets.add(fullName);
    }
  }

  private static Port port(String name, String protocol, int number) {
    return new Port(name.toLowerCase(Locale.ROOT), protocol.toLowerCase(Locale.ROOT), number);
  }

  private static boolean isReady(Endpoint endpoint) {
    EndpointConditions conditions = endpoint.conditions();
    return conditions == null || conditions.readyOr(true);
  }

  private static String withoutLastDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
