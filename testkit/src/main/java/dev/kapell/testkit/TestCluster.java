package dev.kapell.testkit;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.serving.ApiServer;
import dev.kapell.apiserver.serving.ApiServerOptions;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.controllers.ControllerOptions;
import dev.kapell.controllers.Controllers;
import dev.kapell.foresight.Foreseeing;
import dev.kapell.scheduler.Scheduler;
import dev.kapell.scheduler.SchedulerOptions;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A whole cluster in this process. Thread-safe; as many as you like side by side, each with its own
 * port, keys and objects.
 *
 * <p>The API server, the controllers, the scheduler and the node agents are the ones that Kapell
 * ships. Only the container runtime below is simulated: containers are pulled, started, restarted
 * and ended as the pod asks, but run no program. {@link SimulatedNode} says what they do instead,
 * and lets a test break things.
 *
 * <pre>{@code
 * try (TestCluster cluster = TestCluster.start()) {
 *   cluster.client().create(Types.DEPLOYMENT, deployment);
 *   cluster.await(Types.DEPLOYMENT, key, d -> d.status().availableReplicasOr(0) == 3);
 * }
 * }</pre>
 */
public final class TestCluster implements AutoCloseable {
  /** How long {@link #await} waits when it is not told. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String LOOPBACK = "127.0.0.1";

  private final Clock clock = Clock.system();
  private final Parts parts = new Parts();
  private final Store store;
  private final ApiServer api;
  private final Client client;
  private final Caches caches;
  private final Path kubeconfig;
  private final List<SimulatedNode> nodes = new ArrayList<>();

  private TestCluster(Builder wanted) throws IOException {
    try {
      Path folder = parts.keep(new ScratchFolder()).path();
      this.store = parts.keep(MemoryStore.open(StoreOptions.defaults()));
      this.api = parts.keep(ApiServer.start(serving(folder)));
      this.kubeconfig = api.adminKubeconfig();
      this.client = api.client(User.SYSTEM, "testkit");
      Client parts = api.client(User.SYSTEM, "kapell");
      this.caches = this.parts.keep(new Caches(parts, clock));
      startControlPlane(parts);
      for (int number = 1; number <= wanted.nodes; number++) {
        NodePlace place = new NodePlace(number, wanted.nodeCpus, wanted.nodeMemoryBytes, folder);
        nodes.add(this.parts.keep(SimulatedNode.start(place, api, caches, clock)));
      }
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private ApiServerOptions serving(Path folder) throws IOException {
    return new ApiServerOptions(
        Files.createDirectories(folder.resolve("pki")),
        LOOPBACK,
        0,
        LOOPBACK,
        List.of(),
        store,
        clock,
        Randomness.secure());
  }

  private void startControlPlane(Client client) {
    parts.keep(
        Controllers.start(
            new ControllerOptions(
                client, caches, clock, "testkit", api.pki()::caPem, api::customTypes)));
    EventRecorder events =
        parts.keep(new EventRecorder(client, clock, "default-scheduler", "testkit"));
    SchedulerOptions scheduling =
        SchedulerOptions.of(new LoopContext(client, caches, events, clock));
    api.foreseeBy(new Foreseeing(scheduling));
    parts.keep(Scheduler.start(scheduling));
  }

  /**
   * A cluster with one node, which is ready.
   *
   * @throws IOException when no port or no temporary folder can be had
   */
  public static TestCluster start() throws IOException, InterruptedException {
    return builder().start();
  }

  /** A cluster of another shape. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A client in this process that may do everything: no HTTP, no JSON, shared immutable objects.
   */
  public Client client() {
    return client;
  }

  /** Where any Kubernetes client reaches it, for instance {@code https://127.0.0.1:40123}. */
  public String url() {
    return api.url();
  }

  /** The kubeconfig file of somebody who may do everything; gone when the cluster is closed. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** The nodes, by number. */
  public List<SimulatedNode> nodes() {
    return List.copyOf(nodes);
  }

  /** The node that {@code pod} runs on; empty while it has none. */
  public Optional<SimulatedNode> nodeOf(ObjectKey pod) {
    String name = client.get(Types.POD, pod).spec().nodeNameOr("");
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /**
   * Waits until the object is as {@code wanted}, by watching, and returns it.
   *
   * @throws AssertionError after {@link #PATIENCE}, with the object as it was last seen
   */
  public <T extends ApiObject> T await(ResourceType<T> type, ObjectKey key, Predicate<T> wanted)
      throws InterruptedException {
    return new Waiting<>(caches, type, key).until(seen -> seen.filter(wanted), PATIENCE);
  }

  /**
   * Waits until there is no such object.
   *
   * @throws AssertionError after {@link #PATIENCE}, with the object as it was last seen
   */
  public <T extends ApiObject> void awaitGone(ResourceType<T> type, ObjectKey key)
      throws InterruptedException {
    new Waiting<>(caches, type, key)
        .until(seen -> seen.isEmpty() ? Optional.of(true) : Optional.empty(), PATIENCE);
  }

  /** Ends every thread, closes the port and removes the files. */
  @Override
  public void close() {
    parts.close();
  }

  /** For a log: where it listens. */
  @Override
  public String toString() {
    return "TestCluster[" + url() + ", nodes " + nodes.size() + "]";
  }

  /** The shape of a cluster. Not thread-safe. */
  public static final class Builder {
    private int nodes = 1;
    private int nodeCpus = 8;
    private long nodeMemoryBytes = 16L << 30;

    private Builder() {}

    /** How many nodes; 0 for a cluster in which pods stay pending. 1 if not told. */
    public Builder nodes(int count) {
      if (count < 0 || count > NodePlace.MOST) {
        throw new IllegalArgumentException(
            "a test cluster has 0 to " + NodePlace.MOST + " nodes, not " + count);
      }
      nodes = count;
      return this;
    }

    /** What every node offers to pods. 8 cores and 16 GiB if not told. */
    public Builder nodeSize(int cpus, long memoryBytes) {
      if (cpus < 1 || memoryBytes < 1) {
        throw new IllegalArgumentException("a node has at least one core and one byte");
      }
      nodeCpus = cpus;
      nodeMemoryBytes = memoryBytes;
      return this;
    }

    /**
     * Starts it; returns when the API answers and every node is ready.
     *
     * @throws IOException when no port or no temporary folder can be had
     */
    public TestCluster start() throws IOException, InterruptedException {
      TestCluster cluster = new TestCluster(this);
      try {
        for (SimulatedNode node : cluster.nodes) {
          cluster.await(Types.NODE, ObjectKey.cluster(node.name()), SimulatedNode::isReady);
        }
        cluster.await(Types.SERVICE_ACCOUNT, new ObjectKey("default", "default"), account -> true);
        return cluster;
      } catch (InterruptedException | RuntimeException | AssertionError e) {
        cluster.close();
        throw e;
      }
    }
  }
}
