package dev.kapell.network.dns;

import dev.kapell.network.dns.ServiceNames.Addressed;
import dev.kapell.network.dns.ServiceNames.External;
import dev.kapell.network.dns.ServiceNames.Headless;
import dev.kapell.network.dns.ServiceNames.Host;
import dev.kapell.network.dns.ServiceNames.Namespace;
import dev.kapell.network.dns.ServiceNames.Port;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All names of the cluster at one moment. Immutable.
 *
 * <pre>
 * name.namespace.svc.domain                 A AAAA SRV, or CNAME
 * host.name.namespace.svc.domain            A AAAA      headless only
 * _port._protocol.name.namespace.svc.domain SRV
 * a-b-c-d.namespace.pod.domain              A
 * d.c.b.a.in-addr.arpa                      PTR
 * </pre>
 */
final class Zone {
  /** How long an answer may be kept, in seconds: names follow their pods quickly. */
  static final int SECONDS = 5;

  private static final String SCHEMA_VERSION = "1.1.0";
  private static final int WEIGHT = 100;

  private final String domain;
  private final Map<String, Namespace> namespaces;
  private final Map<String, List<String>> pointers;
  private final DnsRecord authority;
  private final boolean known;

  /**
   * A snapshot.
   *
   * @param domain for instance {@code cluster.local}
   * @param namespaces the Services
   * @param pointers full names by reverse name, for instance of {@code 1.0.43.10.in-addr.arpa}
   * @param serial a number that grows with each snapshot
   */
  Zone(
      String domain,
      Map<String, Namespace> namespaces,
      Map<String, List<String>> pointers,
      int serial) {
    this(domain, namespaces, pointers, serial, true);
  }

  private Zone(
      String domain,
      Map<String, Namespace> namespaces,
      Map<String, List<String>> pointers,
      int serial,
      boolean known) {
    this.known = known;
    this.domain = domain.toLowerCase(Locale.ROOT);
    this.namespaces = Map.copyOf(namespaces);
    this.pointers = Map.copyOf(pointers);
    this.authority = DnsRecord.authority(this.domain, SECONDS, serial);
  }

  /** A cluster whose names are not known yet: {@code SERVFAIL} for each of them. */
  static Zone unknown(String domain) {
    return new Zone(domain, Map.of(), Map.of(), 0, false);
  }

  /** The answer, or empty when the name is not the cluster's. */
  Optional<Reply> answer(String name, int type) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".in-addr.arpa") || lower.endsWith(".ip6.arpa")) {
      return Optional.ofNullable(pointers.get(lower))
          .map(
              targets ->
                  type == DnsType.PTR || type == DnsType.ANY
                      ? found(
                          targets.stream()
                              .map(to -> DnsRecord.pointing(name, DnsType.PTR, SECONDS, to))
                              .toList())
                      : noData());
    }
    if (!lower.equals(domain) && !lower.endsWith("." + domain)) {
      return Optional.empty();
    }
    return Optional.of(known ? inDomain(name, lower, type) : Reply.failure(DnsType.SERVER_FAILURE));
  }

  /** The name that a Service of kind ExternalName stands for, when {@code name} is one. */
  Optional<String> external(String name) {
    List<String> labels = labels(name.toLowerCase(Locale.ROOT));
    return labels.size() == 3
            && labels.get(2).equals("svc")
            && service(labels) instanceof External external
        ? Optional.of(external.target())
        : Optional.empty();
  }

  private List<String> labels(String lower) {
    if (!lower.endsWith("." + domain)) {
      return List.of();
    }
    String before = lower.substring(0, lower.length() - domain.length() - 1);
    return Arrays.asList(before.split("\\.", -1));
  }

  private Reply inDomain(String name, String lower, int type) {
    List<String> labels = labels(lower);
    if (labels.isEmpty()) {
      return apex(name, type);
    }
    String last = labels.getLast();
    if (last.equals("svc")) {
      return inServices(name, labels, type);
    }
    if (last.equals("pod")) {
      return inPods(name, labels, type);
    }
    if (lower.equals("dns-version." + domain)) {
      return type == DnsType.TXT
          ? found(List.of(DnsRecord.text(name, SECONDS, SCHEMA_VERSION)))
          : noData();
    }
    if (lower.equals("ns.dns." + domain) || lower.equals("dns." + domain)) {
      return noData();
    }
    return noSuchName();
  }

  private Reply apex(String name, int type) {
    return switch (type) {
      case DnsType.SOA, DnsType.ANY -> found(List.of(authority));
      case DnsType.NS ->
          found(List.of(DnsRecord.pointing(name, DnsType.NS, SECONDS, "ns.dns." + domain)));
      default -> noData();
    };
  }

  private Reply inServices(String name, List<String> labels, int type) {
    int count = labels.size();
    if (count == 1) {
      return noData();
    }
    if (!namespaces.containsKey(labels.get(count - 2))) {
      return noSuchName();
    }
    if (count == 2) {
      return noData();
    }
    ServiceNames service = service(labels.subList(count - 3, count));
    if (service == null) {
      return noSuchName();
    }
    String serviceName = String.join(".", labels.subList(count - 3, count)) + "." + domain;
    return switch (count) {
      case 3 -> ofService(name, serviceName, service, type);
      case 4 -> ofHost(name, service, labels.getFirst(), type);
      case 5 -> ofPort(name, serviceName, service, labels, type);
      default -> noSuchName();
    };
  }

  private @Nullable ServiceNames service(List<String> labels) {
    Namespace namespace = namespaces.get(labels.get(1));
    return namespace == null ? null : namespace.services().get(labels.get(0));
  }

  private Reply ofService(String name, String serviceName, ServiceNames service, int type) {
    if (service instanceof External external) {
      return found(List.of(DnsRecord.pointing(name, DnsType.CNAME, SECONDS, external.target())));
    }
    if (type == DnsType.SRV) {
      return services(name, serviceName, service, "", "");
    }
    return addresses(
        name,
        switch (service) {
          case Addressed addressed -> addressed.addresses();
          case Headless headless ->
              headless.hosts().stream().flatMap(host -> host.addresses().stream()).toList();
          case External external -> List.of();
        },
        type);
  }

  private Reply ofHost(String name, ServiceNames service, String label, int type) {
    if (!(service instanceof Headless headless)) {
      return noSuchName();
    }
    List<byte[]> addresses = new ArrayList<>();
    for (Host host : headless.hosts()) {
      if (host.label().equals(label)) {
        addresses.addAll(host.addresses());
      }
    }
    return addresses.isEmpty() ? noSuchName() : addresses(name, addresses, type);
  }

  private Reply ofPort(
      String name, String serviceName, ServiceNames service, List<String> labels, int type) {
    String port = labels.get(0);
    String protocol = labels.get(1);
    if (!port.startsWith("_") || !protocol.startsWith("_")) {
      return noSuchName();
    }
    Reply reply = services(name, serviceName, service, port.substring(1), protocol.substring(1));
    if (reply.answers().isEmpty()) {
      return noSuchName();
    }
    return type == DnsType.SRV || type == DnsType.ANY ? reply : noData();
  }

  /** SRV records of the ports with this name and protocol; an empty protocol means all. */
  private Reply services(
      String name, String serviceName, ServiceNames service, String port, String protocol) {
    List<DnsRecord> records = new ArrayList<>();
    List<DnsRecord> additional = new ArrayList<>();
    switch (service) {
      case Addressed addressed -> {
        for (Port each : matching(addressed.ports(), port, protocol)) {
          records.add(DnsRecord.service(name, SECONDS, WEIGHT, each.number(), serviceName));
        }
        addressed
            .addresses()
            .forEach(address -> additional.add(DnsRecord.address(serviceName, SECONDS, address)));
      }
      case Headless headless -> {
        int weight = Math.max(1, WEIGHT / Math.max(1, headless.hosts().size()));
        for (Host host : headless.hosts()) {
          String target = host.label() + "." + serviceName;
          for (Port each : matching(host.ports(), port, protocol)) {
            records.add(DnsRecord.service(name, SECONDS, weight, each.number(), target));
          }
          host.addresses()
              .forEach(address -> additional.add(DnsRecord.address(target, SECONDS, address)));
        }
      }
      case External external -> {
        // A CNAME has no ports.
      }
    }
    return records.isEmpty()
        ? noData()
        : new Reply(DnsType.NO_ERROR, true, records, List.of(), additional);
  }

  private static List<Port> matching(List<Port> ports, String name, String protocol) {
    return ports.stream()
        .filter(
            port ->
                protocol.isEmpty()
                    || (port.name().equals(name) && port.protocol().equals(protocol)))
        .toList();
  }

  private Reply inPods(String name, List<String> labels, int type) {
    if (labels.size() < 3) {
      return noData();
    }
    if (labels.size() > 3) {
      return noSuchName();
    }
    return IpAddress.parse(labels.getFirst().replace('-', '.'))
        .or(() -> IpAddress.parse(labels.getFirst().replace('-', ':')))
        .map(address -> addresses(name, List.of(address), type))
        .orElseGet(this::noSuchName);
  }

  private Reply addresses(String name, List<byte[]> addresses, int type) {
    List<DnsRecord> records = new ArrayList<>();
    for (byte[] address : addresses) {
      DnsRecord each = DnsRecord.address(name, SECONDS, address);
      if (type == each.type() || type == DnsType.ANY) {
        records.add(each);
      }
    }
    return records.isEmpty() ? noData() : found(records);
  }

  private static Reply found(List<DnsRecord> records) {
    return new Reply(DnsType.NO_ERROR, true, records, List.of(), List.of());
  }

  private Reply noData() {
    return new Reply(DnsType.NO_ERROR, true, List.of(), List.of(authority), List.of());
  }

  private Reply noSuchName() {
    return new Reply(DnsType.NAME_ERROR, true, List.of(), List.of(authority), List.of());
  }
}
