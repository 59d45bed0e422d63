package dev.kapell.sim.serve;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentSpec;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.serving.ApiServer;
import dev.kapell.apiserver.serving.ApiServerOptions;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.cache.Index;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.controllers.ControllerOptions;
import dev.kapell.controllers.Controllers;
import dev.kapell.foresight.Foreseeing;
import dev.kapell.scheduler.Scheduler;
import dev.kapell.scheduler.SchedulerOptions;
import dev.kapell.sim.node.Manners;
import dev.kapell.sim.node.SimulatedNodes;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A running cluster: the API server, controllers and scheduler as they are shipped, on a store in
 * memory, and simulated nodes. Thread-safe.
 */
public final class ServedCluster implements AutoCloseable {
  private static final String INSTANCE = "simulation";
  private static final int WORKERS = 32;

  /** So many leases a second, in real time, are all that a machine should spend on them. */
  private static final int RENEWALS_A_SECOND = 500;

  private final Store store;
  private final Path folder;
  private final ApiServer api;
  private final Caches caches;
  private final Controllers controllers;
  private final EventRecorder events;
  private final Scheduler scheduler;
  private final SimulatedNodes nodes;
  private final Client client;
  private final Index<Node, String> readyNodes;
  private final Index<Pod, String> runningPods;

  private static final String READY = "ready";

  private static final Index.Keys<Node, String> IF_READY =
      node -> {
        boolean ready =
            node.status().conditions().stream()
                .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
        return ready ? List.of(READY) : List.of();
      };

  private static final Index.Keys<Pod, String> IF_RUNNING =
      pod -> pod.status().phaseOr("").equals("Running") ? List.of(READY) : List.of();

  /**
   * Where and how.
   *
   * @param folder for keys and the kubeconfig
   * @param bind the address to listen on
   * @param port 0 for any free one
   * @param speed how many times as fast as time is, at least 1
   * @param manners of pods
   */
  public record Options(
      Path folder, String bind, int port, int speed, Manners manners, Size size) {}

  private ServedCluster(Options options) throws IOException {
    Clock clock =
        options.speed() == 1 ? Clock.system() : new SpeedClock(Clock.system(), options.speed());
    this.folder = options.folder();
    this.store = MemoryStore.open(StoreOptions.defaults());
    this.api =
        ApiServer.start(
            new ApiServerOptions(
                Files.createDirectories(options.folder().resolve("pki")),
                options.bind(),
                options.port(),
                options.bind().equals("0.0.0.0") ? "127.0.0.1" : options.bind(),
                List.of("localhost"),
                store,
                clock,
                Randomness.secure()));
    this.client = api.client(User.SYSTEM, "kapell");
    this.caches = new Caches(client, clock);
    this.readyNodes = caches.of(Types.NODE).index(IF_READY);
    this.runningPods = caches.of(Types.POD).index(IF_RUNNING);
    // These nodes do not fail. Were they taken for lost whenever this process is slow, what is done
    // about it would make it slower still: so their grace is one of real time.
    this.controllers =
        Controllers.start(
            new ControllerOptions(
                    client, caches, clock, INSTANCE, api.pki()::caPem, api::customTypes)
                .withNodeGrace(ControllerOptions.NODE_GRACE.multipliedBy(options.speed())));
    this.events = new EventRecorder(client, clock, "default-scheduler", INSTANCE);
    SchedulerOptions scheduling =
        SchedulerOptions.of(new LoopContext(client, caches, events, clock));
    api.foreseeBy(new Foreseeing(scheduling));
    this.scheduler = Scheduler.start(scheduling);
    this.nodes =
        SimulatedNodes.start(
            new SimulatedNodes.Options(
                api.client(User.SYSTEM, "kubelet"),
                caches,
                clock,
                options.manners(),
                renewal(options),
                WORKERS),
            options.size().shapes());
  }

  /**
   * Starts it; returns when the API answers.
   *
   * @throws IOException when the port is taken or the folder cannot be written
   */
  public static ServedCluster start(Options options) throws IOException {
    ServedCluster cluster = new ServedCluster(options);
    cluster.createPods(options.size().pods());
    return cluster;
  }

  /**
   * Every 10 seconds as nodes do; less often where they are many, but in time not to count as lost.
   */
  private static Duration renewal(Options options) {
    long seconds = (long) options.size().nodes() * options.speed() / RENEWALS_A_SECOND;
    return Duration.ofSeconds(Math.clamp(seconds, 10, 25L * options.speed()));
  }

  private void createPods(int count) {
    for (int number = 0; count > number * Size.LARGEST; number++) {
      int replicas = Math.min(Size.LARGEST, count - number * Size.LARGEST);
      client.create(Types.DEPLOYMENT, deployment("load-" + number, replicas));
    }
  }

  private static Deployment deployment(String name, int replicas) {
    Map<String, String> labels = Map.of("app", name);
    Container container =
        Container.builder()
            .name("main")
            .image("simulated")
            .resources(
                ResourceRequirements.builder()
                    .requests(
                        Map.of("cpu", Quantity.ofMilli(100), "memory", Quantity.parse("64Mi")))
                    .build())
            .build();
    return Deployment.builder()
        .metadata(ObjectMeta.builder().namespace(Size.NAMESPACE).name(name).build())
        .spec(
            DeploymentSpec.builder()
                .replicas(replicas)
                .selector(LabelSelector.builder().matchLabels(labels).build())
                .template(
                    PodTemplateSpec.builder()
                        .metadata(ObjectMeta.builder().labels(labels).build())
                        .spec(PodSpec.builder().containers(List.of(container)).build())
                        .build())
                .build())
        .build();
  }

  /** Where clients reach it. */
  public String url() {
    return api.url();
  }

  /**
   * Writes the kubeconfig of somebody who may do everything, mode 0600, into the folder, and
   * returns its path.
   */
  public Path kubeconfig() throws IOException {
    Path named = folder.resolve("admin.kubeconfig"); // where commands look in a data directory
    return Files.move(api.adminKubeconfig(), named, StandardCopyOption.REPLACE_EXISTING);
  }

  /** How many nodes and pods are ready at the moment; costs the same in a cluster of any size. */
  public Progress progress() {
    return new Progress(
        readyNodes.count(READY), runningPods.count(READY), caches.of(Types.POD).size());
  }

  /**
   * How far it is.
   *
   * @param readyNodes that can be used
   * @param runningPods that run
   * @param pods that there are
   */
  public record Progress(long readyNodes, long runningPods, long pods) {}

  @Override
  public void close() {
    nodes.close();
    scheduler.close();
    events.close();
    controllers.close();
    caches.close();
    api.close();
    store.close();
  }
}
