package dev.kapell.node.config;

import dev.kapell.api.core.v1.HostAlias;
import java.util.stream.Stream;

/** The pod's own name, and its {@code /etc/hosts}. */
public final class HostNames {
  private static final int LONGEST = 63;

  private HostNames() {}

  /** What {@code hostname} says inside; empty with the host's network. */
  public static String hostname(PodFacts facts) {
    var spec = facts.pod().spec();
    if (spec.hostNetworkOr(false)) {
      return "";
    }
    String name = shortName(facts);
    boolean full = spec.setHostnameAsFQDNOr(false) && hasDomain(facts);
    return full ? name + "." + domain(facts) : name;
  }

  private static String shortName(PodFacts facts) {
    var spec = facts.pod().spec();
    String name =
        Stream.of(spec.hostnameOverrideOr(""), spec.hostnameOr(""), facts.name())
            .filter(asked -> !asked.isEmpty())
            .findFirst()
            .orElse("");
    if (name.length() <= LONGEST) {
      return name;
    }
    return name.substring(0, LONGEST).replaceAll("[-.]+$", "");
  }

  /** An overriding name stands for itself: no domain is put behind it. */
  private static boolean hasDomain(PodFacts facts) {
    var spec = facts.pod().spec();
    return !spec.subdomainOr("").isEmpty() && spec.hostnameOverrideOr("").isEmpty();
  }

  private static String domain(PodFacts facts) {
    return facts.pod().spec().subdomainOr("")
        + "."
        + facts.namespace()
        + ".svc."
        + facts.node().clusterDomain();
  }

  /**
   * The text of {@code /etc/hosts}. With the host's network, {@code hostFile} is what the host has.
   */
  public static String hostsFile(PodFacts facts, String hostFile) {
    StringBuilder text = new StringBuilder();
    if (facts.pod().spec().hostNetworkOr(false)) {
      text.append("# Kubernetes-managed hosts file (host network).\n").append(hostFile);
    } else {
      text.append("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n");
      text.append(
          "::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\n");
      text.append("fe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
      String name = shortName(facts);
      boolean sub = hasDomain(facts);
      for (String ip : facts.podIps()) {
        text.append(ip)
            .append('\t')
            .append(sub ? name + "." + domain(facts) + "\t" + name : name)
            .append('\n');
      }
    }
    if (!facts.pod().spec().hostAliases().isEmpty()) {
      text.append("\n# Entries added by HostAliases.\n");
    }
    for (HostAlias alias : facts.pod().spec().hostAliases()) {
      text.append(alias.ipOr(""))
          .append('\t')
          .append(String.join("\t", alias.hostnames()))
          .append('\n');
    }
    return text.toString();
  }
}
