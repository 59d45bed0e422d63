package dev.kapell.scheduler.demand;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerPort;
import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.Toleration;
import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.api.core.v1.Volume;
import dev.kapell.api.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pod demands. Equal for pods of one template. Immutable; the hash is computed once because
 * it is a key on every decision.
 */
public final class Demand {
  private final Kin kin;
  private final Shape shape;
  private final @Nullable Affinity affinity;
  private final List<PlacedTerm> terms;
  private final List<TopologySpreadConstraint> spread;
  private final List<String> claims;
  private final Set<String> ownClaims;
  private final List<Disk> disks;
  private final List<DeviceUse> devices;
  private final Optional<OwnerReference> owner;
  private final int priority;
  private final int hash;

  private Demand(Pod pod, ResourceNames names) {
    PodSpec spec = pod.spec();
    this.kin = new Kin(pod.metadata().namespaceOr(""), pod.metadata().labels());
    this.affinity = spec.affinity();
    this.shape =
        new Shape(
            Requests.of(pod, names),
            new Shape.Where(
                spec.nodeSelector(),
                affinity == null ? null : affinity.nodeAffinity(),
                spec.tolerations()),
            hostPorts(spec),
            images(spec));
    this.terms = Terms.of(affinity, namespace(), labels());
    this.spread = spec.topologySpreadConstraints();
    this.claims = claims(spec, pod.metadata().nameOr(""));
    this.ownClaims = ownClaims(spec, pod.metadata().nameOr(""));
    this.disks = Disk.of(spec.volumes());
    this.devices = DeviceUse.of(pod);
    this.owner =
        pod.metadata().ownerReferences().stream()
            .filter(reference -> reference.controllerOr(false))
            .findFirst();
    this.priority = spec.priorityOr(0);
    this.hash = hash();
  }

  private Demand(Demand like, Kin kin) {
    this.kin = kin;
    this.shape = like.shape;
    this.affinity = like.affinity;
    this.terms = Terms.of(affinity, kin.namespace(), kin.labels());
    this.spread = like.spread;
    this.claims = like.claims;
    this.ownClaims = like.ownClaims;
    this.disks = like.disks;
    this.devices = like.devices;
    this.owner = like.owner;
    this.priority = like.priority;
    this.hash = hash();
  }

  private int hash() {
    return Objects.hash(kin, shape, affinity, spread, claims, disks, devices, owner, priority);
  }

  /** Reads {@code pod}. */
  public static Demand of(Pod pod, ResourceNames names) {
    return new Demand(pod, names);
  }

  /** The same of a pod with other labels. */
  public Demand withLabels(Map<String, String> labels) {
    return new Demand(this, new Kin(namespace(), labels));
  }

  private static List<String> images(PodSpec spec) {
    return Stream.concat(spec.initContainers().stream(), spec.containers().stream())
        .map(container -> container.imageOr(""))
        .filter(image -> !image.isEmpty())
        .toList();
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
        claims.add(ownClaim(podName, volume));
      }
    }
    return List.copyOf(claims);
  }

  private static Set<String> ownClaims(PodSpec spec, String podName) {
    return spec.volumes().stream()
        .filter(volume -> volume.ephemeral() != null)
        .map(volume -> ownClaim(podName, volume))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String ownClaim(String podName, Volume volume) {
    return podName + "-" + volume.nameOr("");
  }

  /** The pod's namespace. */
  public String namespace() {
    return kin.namespace();
  }

  /** The pod's labels. */
  public Map<String, String> labels() {
    return kin.labels();
  }

  /** Namespace and labels, as selectors see them. */
  public Kin kin() {
    return kin;
  }

  /**
   * A key for answers that depend on a node and the pods on it alone: demands that differ only in
   * labels, for instance, have the same.
   */
  public Object shape() {
    return shape;
  }

  /** The amount asked for in a column of {@link ResourceNames}. */
  public long request(int column) {
    return at(shape.requests, column);
  }

  /** The same with usual amounts of CPU and memory where nothing is asked for. */
  public long usual(int column) {
    return at(shape.usual, column);
  }

  private static long at(long[] amounts, int column) {
    return column < amounts.length ? amounts[column] : 0;
  }

  /** How many columns may be other than 0. */
  public int columns() {
    return shape.requests.length;
  }

  /** The thousandths of a CPU to compare nodes with. */
  public long usualCpuMilli() {
    return usual(ResourceNames.CPU);
  }

  /** The bytes of memory to compare nodes with. */
  public long usualMemoryBytes() {
    return usual(ResourceNames.MEMORY);
  }

  /** The node's ports that it wants. */
  public List<HostPort> ports() {
    return shape.ports;
  }

  /** Labels that the node has to have. */
  public Map<String, String> nodeSelector() {
    return shape.nodeSelector;
  }

  /** Its affinities, if it has any. */
  public @Nullable Affinity affinity() {
    return affinity;
  }

  /** The nodes that it has to be on, if it says so by affinity. */
  public @Nullable NodeSelector requiredNodes() {
    NodeAffinity nodes = shape.nodeAffinity;
    return nodes == null ? null : nodes.requiredDuringSchedulingIgnoredDuringExecution();
  }

  /** The taints that it bears. */
  public List<Toleration> tolerations() {
    return shape.tolerations;
  }

  /** The images of its containers, one for each container. */
  public List<String> images() {
    return shape.images;
  }

  /** What it says about other pods. */
  public List<PlacedTerm> terms() {
    return terms;
  }

  /** How it is to be spread. */
  public List<TopologySpreadConstraint> spread() {
    return spread;
  }

  /** The volume claims that it uses, by name. */
  public List<String> claims() {
    return claims;
  }

  /** Whether a controller makes the claim for this pod alone, soon after the pod. */
  public boolean isOwnClaim(String claim) {
    return ownClaims.contains(claim);
  }

  /** The network disks that it names itself. */
  public List<Disk> disks() {
    return disks;
  }

  /** The device claims that it uses. */
  public List<DeviceUse> devices() {
    return devices;
  }

  /** Who made it. */
  public Optional<OwnerReference> owner() {
    return owner;
  }

  /** Its priority; more is more important. */
  public int priority() {
    return priority;
  }

  /** Whether the answer for a node depends on that node alone, and not on pods elsewhere. */
  public boolean isLocal() {
    return spread.isEmpty() && terms.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Demand that
            && hash == that.hash
            && priority == that.priority
            && kin.equals(that.kin)
            && shape.equals(that.shape)
            && Objects.equals(affinity, that.affinity)
            && spread.equals(that.spread)
            && claims.equals(that.claims)
            && disks.equals(that.disks)
            && devices.equals(that.devices)
            && owner.equals(that.owner));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
