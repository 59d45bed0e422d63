package dev.kapell.scheduler.demand;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Toleration;
import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.resource.Quantity;
import dev.kapell.control.match.PodRequests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pod demands. Equal for pods of one template. Immutable; the hash is computed once because
 * it is a key on every decision.
 */
public final class Demand {
  /** What a pod without a request of its own is taken to use when nodes are compared. */
  private static final long USUAL_CPU_MILLI = 100;

  private static final long USUAL_MEMORY_BYTES = 200L << 20;

  private final String namespace;
  private final Map<String, String> labels;
  private final long[] requests;
  private final List<HostPort> ports;
  private final Map<String, String> nodeSelector;
  private final @Nullable Affinity affinity;
  private final List<Toleration> tolerations;
  private final List<TopologySpreadConstraint> spread;
  private final List<String> claims;
  private final int priority;
  private final int hash;

  private Demand(Pod pod, ResourceNames names) {
    PodSpec spec = pod.spec();
    Map<String, Quantity> wanted = new HashMap<>(PodRequests.requests(spec));
    wanted.put("pods", Quantity.of(1));
    this.namespace = pod.metadata().namespaceOr("");
    this.labels = pod.metadata().labels();
    this.requests = names.columns(wanted);
    this.ports = hostPorts(spec);
    this.nodeSelector = spec.nodeSelector();
    this.affinity = spec.affinity();
    this.tolerations = spec.tolerations();
    this.spread = spec.topologySpreadConstraints();
    this.claims = claims(spec, pod.metadata().nameOr(""));
    this.priority = spec.priorityOr(0);
    this.hash =
        Objects.hash(
            namespace,
            labels,
            Arrays.hashCode(requests),
            ports,
            nodeSelector,
            affinity,
            tolerations,
            spread,
            claims,
            priority);
  }

  /** Reads {@code pod}. */
  public static Demand of(Pod pod, ResourceNames names) {
    return new Demand(pod, names);
  }

  private static List<HostPort> hostPorts(PodSpec spec) {
    List<HostPort> ports = new ArrayList<>();
    List<Container> containers = new ArrayList<>(spec.containers());
    spec.initContainers().stream()
        .filter(c -> c.restartPolicyOr("").equals("Always"))
        .forEach(containers::add);
    for (Container container : containers) {
      for (ContainerPort port : container.ports()) {
        if (port.hostPortOr(0) > 0) {
          String ip = port.hostIPOr("");
          ports.add(
              new HostPort(
                  ip.isEmpty() ? "0.0.0.0" : ip, port.protocolOr("TCP"), port.hostPortOr(0)));
        }
      }
    }
    return List.copyOf(ports);
  }

  private static List<String> claims(PodSpec spec, String podName) {
    List<String> claims = new ArrayList<>();
    for (Volume volume : spec.volumes()) {
      if (volume.persistentVolumeClaim() != null) {
        claims.add(volume.persistentVolumeClaim().claimNameOr(""));
      } else if (volume.ephemeral() != null) {
        claims.add(podName + "-" + volume.nameOr(""));
      }
    }
    return List.copyOf(claims);
  }

  /** The pod's namespace. */
  public String namespace() {
    return namespace;
  }

  /** The pod's labels. */
  public Map<String, String> labels() {
    return labels;
  }

  /** The amount asked for in a column of {@link ResourceNames}. */
  public long request(int column) {
    return column < requests.length ? requests[column] : 0;
  }

  /** How many columns may be other than 0. */
  public int columns() {
    return requests.length;
  }

  /** The thousandths of a CPU to compare nodes with. */
  public long usualCpuMilli() {
    long asked = request(ResourceNames.CPU);
    return asked == 0 ? USUAL_CPU_MILLI : asked;
  }

  /** The bytes of memory to compare nodes with. */
  public long usualMemoryBytes() {
    long asked = request(ResourceNames.MEMORY);
    return asked == 0 ? USUAL_MEMORY_BYTES : asked;
  }

  /** The node's ports that it wants. */
  public List<HostPort> ports() {
    return ports;
  }

  /** Labels that the node has to have. */
  public Map<String, String> nodeSelector() {
    return nodeSelector;
  }

  /** Its affinities, if it has any. */
  public @Nullable Affinity affinity() {
    return affinity;
  }

  /** The taints that it bears. */
  public List<Toleration> tolerations() {
    return tolerations;
  }

  /** How it is to be spread. */
  public List<TopologySpreadConstraint> spread() {
    return spread;
  }

  /** The volume claims that it uses, by name. */
  public List<String> claims() {
    return claims;
  }

  /** Its priority; more is more important. */
  public int priority() {
    return priority;
  }

  /** Whether the answer for a node depends on that node alone, and not on pods elsewhere. */
  public boolean isLocal() {
    return spread.isEmpty()
        && (affinity == null
            || (affinity.podAffinity() == null && affinity.podAntiAffinity() == null));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Demand that
        && hash == that.hash
        && priority == that.priority
        && namespace.equals(that.namespace)
        && Arrays.equals(requests, that.requests)
        && labels.equals(that.labels)
        && ports.equals(that.ports)
        && nodeSelector.equals(that.nodeSelector)
        && Objects.equals(affinity, that.affinity)
        && tolerations.equals(that.tolerations)
        && spread.equals(that.spread)
        && claims.equals(that.claims);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
