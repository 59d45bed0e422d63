package dev.kapell.node.self;

import dev.kapell.api.Types;
import dev.kapell.api.coordination.v1.Lease;
import dev.kapell.api.coordination.v1.LeaseSpec;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.http.UnreachableException;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.host.runtime.RuntimeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Keeps the Node object and its lease alive (reference: Nodes, Heartbeats): the lease every 10
 * seconds, the status when it changes, else every 5 minutes. While the runtime or the server is not
 * there yet, it tries several times a second, so that a node is Ready as soon as it can be.
 */
public final class NodePresence {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final String LEASES = "kube-node-lease";
  private static final int LEASE_SECONDS = 40;
  private static final Duration RENEWAL = Duration.ofSeconds(10);
  private static final Duration EAGER = Duration.ofMillis(200);
  private static final Duration STATUS = Duration.ofMinutes(5);
  private static final Duration ADOPTION = Duration.ofSeconds(10);

  private final Client client;
  private final ContainerRuntime runtime;
  private final Machine machine;
  private final NodeIdentity identity;
  private final Path disk;
  private final Clock clock;
  private final Supplier<NodeHealth> pressure;
  private final Future<?> adopted;
  private final long startedNanos;
  private Instant writtenAt = Instant.EPOCH;
  private String podRange = "";

  /**
   * Where the node is.
   *
   * @param disk whose space the node has to give
   */
  public record Place(
      Client client, ContainerRuntime runtime, Machine machine, Path disk, Clock clock) {}

  /**
   * @param pressure says how the machine is, but for {@code ready}, which is found out here
   * @param adopted done once the API knows how the pods are that ran before; until then, and for at
   *     most {@link #ADOPTION}, the node says nothing new, so that who finds it ready finds true
   *     pods
   */
  public NodePresence(
      Place place, NodeIdentity identity, Supplier<NodeHealth> pressure, Future<?> adopted) {
    this.client = place.client();
    this.runtime = place.runtime();
    this.machine = place.machine();
    this.disk = place.disk();
    this.clock = place.clock();
    this.identity = identity;
    this.pressure = pressure;
    this.adopted = adopted;
    this.startedNanos = clock.nanoTime();
  }

  /**
   * Creates the Node object if there is none, and sees to its labels. Throws {@link ApiFailure}.
   */
  public Node register() {
    Node fresh = NodeDescription.fresh(identity, machine.info(), disk.resolve("volumes"));
    Optional<Node> known = client.find(Types.NODE, ObjectKey.cluster(identity.name()));
    if (known.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, "node registered object={0}", identity.name());
      return client.create(Types.NODE, fresh);
    }
    Node node = known.get();
    Map<String, String> labels = new LinkedHashMap<>(node.metadata().labels());
    labels.putAll(fresh.metadata().labels());
    Map<String, String> annotations = new LinkedHashMap<>(node.metadata().annotations());
    annotations.putAll(fresh.metadata().annotations());
    ObjectMeta meta = node.metadata().withLabels(labels).withAnnotations(annotations);
    return meta.equals(node.metadata()) ? node : client.update(Types.NODE, node.withMetadata(meta));
  }

  /** Reports until interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      boolean well = false;
      try {
        well = report();
        renew();
      } catch (ApiFailure | UnreachableException e) {
        LOG.log(
            System.Logger.Level.DEBUG,
            "node not reported object={0} cause={1}",
            identity.name(),
            e.getMessage());
        well = false;
      }
      clock.sleep(well ? RENEWAL : EAGER);
    }
  }

  /** Writes the status if it says something new; true when the node is ready. */
  private boolean report() {
    NodeHealth health = health();
    Node node =
        client.find(Types.NODE, ObjectKey.cluster(identity.name())).orElseGet(this::register);
    followPodRange(node);
    if (!adopted.isDone() && clock.nanoTime() - startedNanos < ADOPTION.toNanos()) {
      return false;
    }
    Instant now = clock.now();
    NodeStatus status = NodeDescription.status(node.status(), identity, facts(health), health, now);
    boolean due = Duration.between(writtenAt, now).compareTo(STATUS) >= 0;
    if (due || !withoutHeartbeats(status).equals(withoutHeartbeats(node.status()))) {
      try {
        client.updateStatus(Types.NODE, node.withStatus(status));
        writtenAt = now;
      } catch (ApiFailure e) {
        if (!e.isConflict()) {
          throw e;
        }
        return false;
      }
    }
    return health.ready();
  }

  private void followPodRange(Node node) {
    String range = node.spec().podCIDROr("");
    if (!range.isEmpty() && !range.equals(podRange)) {
      runtime.updatePodRange(range);
      podRange = range;
    }
  }

  private NodeHealth health() {
    NodeHealth machineHealth = pressure.get();
    String trouble;
    try {
      RuntimeStatus status = runtime.status();
      trouble = status.ready() ? "" : "container runtime is not ready: " + status.message();
    } catch (RuntimeFailure e) {
      trouble = "container runtime does not answer: " + e.getMessage();
    }
    return new NodeHealth(
        trouble.isEmpty(),
        trouble,
        machineHealth.memoryPressure(),
        machineHealth.diskPressure(),
        machineHealth.pidPressure());
  }

  private NodeDescription.Facts facts(NodeHealth health) {
    long diskBytes = machine.disk(disk).totalBytes();
    if (!health.ready()) {
      return new NodeDescription.Facts(
          machine.info(),
          diskBytes,
          new dev.kapell.host.runtime.RuntimeVersion("unknown", "0", "v1"),
          List.of());
    }
    return new NodeDescription.Facts(
        machine.info(), diskBytes, runtime.version(), runtime.images().list());
  }

  private static NodeStatus withoutHeartbeats(NodeStatus status) {
    return status.withConditions(
        status.conditions().stream().map(c -> c.withLastHeartbeatTime(null)).toList());
  }

  private void renew() {
    ObjectKey key = new ObjectKey(LEASES, identity.name());
    Instant now = clock.now().truncatedTo(ChronoUnit.MICROS);
    Optional<Lease> held = client.find(Types.LEASE, key);
    if (held.isPresent()) {
      LeaseSpec spec = held.get().spec().withRenewTime(now).withHolderIdentity(identity.name());
      client.update(Types.LEASE, held.get().withSpec(spec.withLeaseDurationSeconds(LEASE_SECONDS)));
      return;
    }
    client.create(
        Types.LEASE,
        Lease.EMPTY
            .withMetadata(
                ObjectMeta.EMPTY
                    .withNamespace(LEASES)
                    .withName(identity.name())
                    .withOwnerReferences(owner()))
            .withSpec(
                LeaseSpec.EMPTY
                    .withHolderIdentity(identity.name())
                    .withLeaseDurationSeconds(LEASE_SECONDS)
                    .withRenewTime(now)));
  }

  private List<OwnerReference> owner() {
    return client
        .find(Types.NODE, ObjectKey.cluster(identity.name()))
        .map(
            node ->
                OwnerReference.builder()
                    .apiVersion("v1")
                    .kind("Node")
                    .name(identity.name())
                    .uid(node.metadata().uid())
                    .build())
        .map(List::of)
        .orElse(List.of());
  }
}
