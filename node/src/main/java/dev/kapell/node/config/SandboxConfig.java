package dev.kapell.node.config;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSecurityContext;
import dev.kapell.host.runtime.DnsConfig;
import dev.kapell.host.runtime.NamespaceOptions;
import dev.kapell.host.runtime.NamespaceOptions.Mode;
import dev.kapell.host.runtime.PodIdentity;
import dev.kapell.host.runtime.PortMapping;
import dev.kapell.host.runtime.Profile;
import dev.kapell.host.runtime.SandboxSecurity;
import dev.kapell.host.runtime.SandboxSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the runtime is asked for as a pod's sandbox. */
public final class SandboxConfig {
  private SandboxConfig() {}

  /**
   * The sandbox number {@code attempt} on a node that itself resolves names by {@code resolver};
   * throws {@link ConfigFailure} for what this node does not offer.
   */
  public static SandboxSpec of(PodFacts facts, DnsConfig resolver, int attempt) {
    Pod pod = facts.pod();
    refuseUnsupported(pod);
    PodSecurityContext context =
        pod.spec().securityContext() == null
            ? PodSecurityContext.EMPTY
            : pod.spec().securityContext();
    Map<String, String> labels = new HashMap<>(pod.metadata().labels());
    labels.putAll(labels(facts));
    PodIdentity identity = new PodIdentity(facts.namespace(), facts.name(), facts.uid(), attempt);
    return SandboxSpec.builder(identity, facts.logDirectory())
        .hostname(HostNames.hostname(facts))
        .dns(Dns.of(facts, resolver))
        .ports(ports(pod))
        .labels(labels)
        .annotations(pod.metadata().annotations())
        .cgroupParent(Resources.cgroup(facts).value())
        .namespaces(namespaces(pod))
        .security(
            new SandboxSecurity(
                privileged(pod),
                context.runAsUser(),
                context.runAsUser() == null ? null : context.runAsGroup(),
                false,
                Security.groups(context),
                new Profile.RuntimeDefault(),
                Security.seLinux(context.seLinuxOptions())))
        .sysctls(sysctls(context))
        .build();
  }

  private static void refuseUnsupported(Pod pod) {
    String runtimeClass = pod.spec().runtimeClassNameOr("");
    if (!runtimeClass.isEmpty()) {
      throw new ConfigFailure(
          "this node has no runtime handler for runtimeClassName "
              + runtimeClass
              + "; remove it from the pod");
    }
    if (!pod.spec().hostUsersOr(true)) {
      throw new ConfigFailure(
          "this node's runtime has no user namespaces; remove hostUsers: false from the pod");
    }
    if (!pod.spec().resourceClaims().isEmpty()) {
      throw new ConfigFailure(
          "this node calls no device drivers, so it cannot prepare the devices of resourceClaims;"
              + " remove them from the pod");
    }
  }

  /** Namespace, name and uid as labels. */
  static Map<String, String> labels(PodFacts facts) {
    return Map.of(
        Labels.POD_NAME,
        facts.name(),
        Labels.POD_NAMESPACE,
        facts.namespace(),
        Labels.POD_UID,
        facts.uid());
  }

  /** Which namespaces the pod's containers share. */
  static NamespaceOptions namespaces(Pod pod) {
    var spec = pod.spec();
    Mode pid =
        spec.hostPIDOr(false)
            ? Mode.NODE
            : spec.shareProcessNamespaceOr(false) ? Mode.POD : Mode.CONTAINER;
    return new NamespaceOptions(
        spec.hostNetworkOr(false) ? Mode.NODE : Mode.POD,
        pid,
        spec.hostIPCOr(false) ? Mode.NODE : Mode.POD,
        null);
  }

  private static boolean privileged(Pod pod) {
    return Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
        .map(Container::securityContext)
        .anyMatch(c -> c != null && c.privilegedOr(false));
  }

  private static Map<String, String> sysctls(PodSecurityContext context) {
    return context.sysctls().stream()
        .collect(
            Collectors.toMap(s -> s.nameOr("").replace('/', '.'), s -> s.valueOr(""), (_, b) -> b));
  }

  private static List<PortMapping> ports(Pod pod) {
    if (pod.spec().hostNetworkOr(false)) {
      return List.of();
    }
    return Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream())
        .flatMap(c -> c.ports().stream())
        .filter(p -> p.hostPortOr(0) > 0)
        .map(SandboxConfig::mapping)
        .toList();
  }

  private static PortMapping mapping(ContainerPort port) {
    return new PortMapping(
        PortMapping.Protocol.valueOf(port.protocolOr("TCP")),
        port.containerPortOr(0),
        port.hostPortOr(0),
        port.hostIPOr(""));
  }
}
