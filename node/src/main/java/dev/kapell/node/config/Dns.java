package dev.kapell.node.config;

import dev.kapell.api.core.v1.PodDNSConfig;
import dev.kapell.api.core.v1.PodDNSConfigOption;
import dev.kapell.host.runtime.DnsConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** The pod's resolver (reference: DNS for Services and Pods). */
final class Dns {
  /** So many the validation of {@code dnsConfig} lets through, and glibc reads any number. */
  private static final int MOST_SEARCHES = 32;

  private Dns() {}

  /** What the pod asks for, where {@code host} is what the node itself uses. */
  static DnsConfig of(PodFacts facts, DnsConfig host) {
    var spec = facts.pod().spec();
    DnsConfig base =
        switch (spec.dnsPolicyOr("ClusterFirst")) {
          case "None" -> DnsConfig.NONE;
          case "Default" -> host;
          case "ClusterFirstWithHostNet" -> cluster(facts, host);
          default -> spec.hostNetworkOr(false) ? host : cluster(facts, host);
        };
    PodDNSConfig more = spec.dnsConfig();
    return more == null ? base : merged(base, more);
  }

  private static DnsConfig cluster(PodFacts facts, DnsConfig host) {
    if (facts.node().clusterDns().isEmpty()) {
      return host;
    }
    String domain = facts.node().clusterDomain();
    List<String> own = List.of(facts.namespace() + ".svc." + domain, "svc." + domain, domain);
    return new DnsConfig(
        facts.node().clusterDns(), joined(own, host.searches()), List.of("ndots:5"));
  }

  private static DnsConfig merged(DnsConfig base, PodDNSConfig more) {
    return new DnsConfig(
        joined(base.servers(), more.nameservers()),
        joined(base.searches(), more.searches()).stream().limit(MOST_SEARCHES).toList(),
        options(base.options(), more.options()));
  }

  private static List<String> joined(List<String> one, List<String> two) {
    LinkedHashSet<String> all = new LinkedHashSet<>(one);
    all.addAll(two);
    return List.copyOf(all);
  }

  private static List<String> options(List<String> base, List<PodDNSConfigOption> more) {
    List<String> options = new ArrayList<>(base);
    for (PodDNSConfigOption option : more) {
      options.removeIf(o -> o.equals(option.nameOr("")) || o.startsWith(option.nameOr("") + ":"));
      String value = option.valueOr("");
      options.add(value.isEmpty() ? option.nameOr("") : option.nameOr("") + ":" + value);
    }
    return options;
  }
}
