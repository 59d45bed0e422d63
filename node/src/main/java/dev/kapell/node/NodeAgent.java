package dev.kapell.node;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.http.TlsIdentity;
import dev.kapell.node.config.PodFacts.NodeFacts;
import dev.kapell.node.pod.Directories;
import dev.kapell.node.pod.PodRoom;
import dev.kapell.node.pod.PodWorkers;
import dev.kapell.node.pressure.Pressure;
import dev.kapell.node.probe.Actions;
import dev.kapell.node.self.NodeIdentity;
import dev.kapell.node.self.NodePresence;
import dev.kapell.node.serve.AgentServer;
import dev.kapell.node.stats.Summary;
import dev.kapell.node.stats.Usage;
import dev.kapell.node.volume.ContainerFiles;
import dev.kapell.node.volume.LocalFolders;
import dev.kapell.node.volume.PodVolumes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A running node agent. Closing it leaves the containers running; the next agent on the same
 * runtime adopts them.
 *
 * <pre>
 *   start ─▶ API server listens, Node is reported ─▶ pods listed, runtime answers ─▶ adopt what runs ─▶ follow changes
 * </pre>
 */
public final class NodeAgent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final String CGROUP_ROOT = "/kubepods";
  private static final long MAX_PIDS_PER_POD = 0;
  private static final Duration RETRY = Duration.ofMillis(250);

  private final NodeOptions options;
  private final TaskScope scope;
  private final EventRecorder events;
  private final PodWorkers pods;
  private final AgentServer server;
  private final ContainerRuntime runtime;
  private final ControlLoop<String> volumeLoop;
  private final CompletableFuture<Void> adopted = new CompletableFuture<>();
  private ContainerRuntime.@Nullable Subscription subscription;
  private volatile boolean closed;

  private NodeAgent(NodeOptions options) throws IOException {
    this.options = options;
    Clock clock = options.clock();
    Client client = options.client();
    NodeOptions.Host host = options.host();
    this.runtime = host.runtime();
    NodeIdentity identity = options.identity();
    Directories directories = new Directories(options.dataDirectory());
    Files.createDirectories(directories.pods());
    Files.createDirectories(directories.logs());
    this.scope =
        new TaskScope(
            "node",
            (task, cause) -> LOG.log(System.Logger.Level.ERROR, "task failed task=" + task, cause));
    this.events = new EventRecorder(client, clock, "kubelet", identity.name());
    ApiSources sources = new ApiSources(client, options.caches().of(Types.SERVICE), clock);
    PodVolumes volumes = new PodVolumes(host.mounts(), sources, clock);
    this.pods =
        new PodWorkers(
            new PodRoom(
                client,
                runtime,
                host.cgroups(),
                volumes,
                new ContainerFiles(volumes, host.mounts()),
                new Actions(runtime, clock, host.answering()),
                sources,
                events,
                facts(options),
                host.machine(),
                directories,
                clock,
                scope,
                MAX_PIDS_PER_POD));
    Usage usage = new Usage(runtime, host.machine(), clock);
    Summary summary = new Summary(usage, host.machine(), pods, identity.name(), directories.data());
    this.server =
        new AgentServer(
            options.bindHost(),
            identity.port(),
            new AgentServer.Parts(pods, runtime, summary, clock, options.tls()));
    Pressure pressure = new Pressure(runtime, host.machine(), pods, usage, directories, clock);
    Housekeeping housekeeping =
        new Housekeeping(pods, usage, runtime, pressure, directories, clock);
    NodeIdentity reported =
        new NodeIdentity(
            identity.name(),
            identity.addresses(),
            identity.labels(),
            server.port(),
            identity.maxPods(),
            identity.version());
    NodePresence presence =
        new NodePresence(
            new NodePresence.Place(client, runtime, host.machine(), directories.data(), clock),
            reported,
            pressure::health,
            adopted);
    scope.start("presence", presence::run);
    scope.start("housekeeping", housekeeping::run);
    scope.start("pods", this::followPods);
    this.volumeLoop = releaseVolumes();
  }

  /**
   * Starts an agent; returns at once. {@link IOException} when its port is taken or its folder
   * cannot be made.
   */
  public static NodeAgent start(NodeOptions options) throws IOException {
    return new NodeAgent(options);
  }

  private static NodeFacts facts(NodeOptions options) {
    Machine.MachineInfo machine = options.host().machine().info();
    return new NodeFacts(
        options.identity().name(),
        options.identity().addresses(),
        options.network().dns(),
        options.network().domain(),
        machine.cpus() * 1000L,
        machine.memoryBytes(),
        CGROUP_ROOT,
        options.host().machine().securityModules());
  }

  /** The port of the agent's API. */
  public int port() {
    return server.port();
  }

  /** The pods of this node. */
  public PodWorkers pods() {
    return pods;
  }

  private void followPods() throws InterruptedException, IOException {
    Caches caches = options.caches();
    ListQuery mine = ListQuery.ALL.fields("spec.nodeName=" + options.identity().name());
    Cache<Pod> cache = caches.of(Types.POD, mine);
    while (!cache.awaitSynced(Duration.ofSeconds(30))
        || !caches.of(Types.SERVICE).awaitSynced(Duration.ofSeconds(30))) {
      LOG.log(
          System.Logger.Level.WARNING, "waiting for the API server to list the pods of this node");
    }
    awaitRuntime();
    CompletableFuture<Void> told = pods.adopt(cache.all());
    cache.onChange(pods::changed);
    followConfiguration();
    synchronized (this) {
      if (!closed) {
        subscription = runtime.subscribe(pods);
      }
    }
    try {
      told.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody completes it so
    }
    adopted.complete(null);
  }

  private void awaitRuntime() throws InterruptedException {
    for (boolean ready = false; !ready; ) {
      try {
        ready = runtime.status().runtimeReady();
      } catch (RuntimeFailure e) {
        LOG.log(
            System.Logger.Level.DEBUG,
            "waiting for the container runtime cause={0}",
            e.getMessage());
      }
      if (!ready) {
        options.clock().sleep(RETRY);
      }
    }
  }

  /** Volumes that are to go wait for this node to remove their folders. */
  private ControlLoop<String> releaseVolumes() {
    LocalFolders folders = new LocalFolders(options.client(), options.identity().name());
    ControlLoop<String> loop = ControlLoop.of("localfolders", options.clock(), folders::release);
    options
        .caches()
        .of(Types.PERSISTENT_VOLUME)
        .onChange(
            (before, after) -> {
              if (after != null && LocalFolders.isWaiting(after)) {
                loop.add(after.metadata().nameOr(""));
              }
            });
    return loop.start(1);
  }

  /** What appears or goes matters too: volumes may have it as optional. */
  private void followConfiguration() {
    follow(options.caches().metadata(Types.CONFIG_MAP), References::configMap);
    follow(options.caches().metadata(Types.SECRET), References::secret);
  }

  private <T extends ApiObject> void follow(Cache<T> cache, BiPredicate<Pod, ObjectKey> refers) {
    cache.onChange(
        (before, after) -> {
          T changed = after == null ? before : after;
          if (changed != null) {
            pods.refreshVolumes(pod -> refers.test(pod, ObjectKey.of(changed)));
          }
        });
  }

  /**
   * Shows another certificate on connections that begin from now on.
   *
   * @throws IOException when it cannot be read
   */
  public void show(TlsIdentity identity) throws IOException {
    server.show(identity);
  }

  /** Stops following and serving; containers run on. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (subscription != null) {
        subscription.close();
      }
    }
    server.close();
    volumeLoop.close();
    scope.close();
    events.close();
  }

  /** For a log: which node. */
  @Override
  public String toString() {
    return "NodeAgent["
        + options.identity().name()
        + ", pods "
        + List.copyOf(pods.all()).size()
        + "]";
  }
}
