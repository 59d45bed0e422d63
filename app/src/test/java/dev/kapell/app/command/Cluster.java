package dev.kapell.app.command;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.core.v1.ServiceAccount;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.serving.ApiServer;
import dev.kapell.apiserver.serving.ApiServerOptions;
import dev.kapell.app.Main;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.foresight.Foreseeing;
import dev.kapell.scheduler.SchedulerOptions;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An API server that can foresee, and nobody who acts: no controller, no scheduler. So whatever
 * changes, the command under test has changed it.
 */
final class Cluster implements AutoCloseable {
  /** What a command said. */
  record Said(int exitCode, String out) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  private final Path folder;
  private final Store store = MemoryStore.open(StoreOptions.defaults());
  private final ApiServer api;
  private final Caches caches;
  private final EventRecorder events;
  final Client client;

  Cluster(Path folder) throws IOException {
    this.folder = folder;
    Clock clock = Clock.system();
    this.api =
        ApiServer.start(
            new ApiServerOptions(
                Files.createDirectories(folder.resolve("pki")),
                "127.0.0.1",
                0,
                "127.0.0.1",
                List.of(),
                store,
                clock,
                Randomness.secure()));
    Files.copy(api.adminKubeconfig(), folder.resolve("admin.kubeconfig"));
    this.client = api.client(User.SYSTEM, "test");
    this.caches = new Caches(client, clock);
    this.events = new EventRecorder(client, clock, "default-scheduler", "test");
    SchedulerOptions options = SchedulerOptions.of(new LoopContext(client, caches, events, clock));
    api.foreseeBy(new Foreseeing(options));
    client.create(
        Types.SERVICE_ACCOUNT,
        ServiceAccount.builder()
            .metadata(ObjectMeta.builder().namespace("default").name("default").build())
            .build());
  }

  void node(String name, String cpu) {
    Map<String, Quantity> resources = new LinkedHashMap<>();
    resources.put("cpu", Quantity.parse(cpu));
    resources.put("memory", Quantity.parse("8Gi"));
    resources.put("pods", Quantity.parse("110"));
    Node made =
        client.create(
            Types.NODE,
            Node.builder()
                .metadata(
                    ObjectMeta.builder()
                        .name(name)
                        .labels(Map.of("kubernetes.io/hostname", name))
                        .build())
                .build());
    // It is ready: the taint that it was born with goes.
    Node ready = client.update(Types.NODE, made.withSpec(made.spec().withTaints(List.of())));
    client.updateStatus(
        Types.NODE,
        ready.withStatus(NodeStatus.builder().capacity(resources).allocatable(resources).build()));
  }

  /** A pod; it runs on {@code node} unless that is empty. */
  void pod(String name, String cpu, String node) {
    pod(name, cpu, node, name);
  }

  /** The same with a label {@code app}. */
  void pod(String name, String cpu, String node, String app) {
    Pod pod =
        Pod.builder()
            .metadata(
                ObjectMeta.builder()
                    .namespace("default")
                    .name(name)
                    .labels(Map.of("app", app))
                    .build())
            .spec(
                PodSpec.builder()
                    .nodeName(node.isEmpty() ? null : node)
                    .containers(
                        List.of(
                            Container.builder()
                                .name("main")
                                .image("web")
                                .resources(
                                    ResourceRequirements.builder()
                                        .requests(Map.of("cpu", Quantity.parse(cpu)))
                                        .build())
                                .build()))
                    .build())
            .build();
    client.create(Types.POD, pod);
  }

  /** Waits until the caches have seen everything that was written. */
  void settle() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 1000 && !(seen(Types.NODE) && seen(Types.POD)); i++) {
      never.await(10, TimeUnit.MILLISECONDS);
    }
  }

  private <T extends ApiObject> boolean seen(ResourceType<T> type) {
    return caches.of(type).isSynced()
        && Set.copyOf(caches.of(type).all())
            .equals(Set.copyOf(client.list(type, ListQuery.ALL).items()));
  }

  /**
   * What a plan could have touched, each with its revision. The server's own notes (certificates,
   * address ranges, the state of APIs) are none of it: it writes them when it likes.
   */
  Map<String, String> written() {
    Map<String, String> versions = new TreeMap<>();
    for (ResourceType<? extends ApiObject> type :
        List.of(Types.NAMESPACE, Types.NODE, Types.POD, Types.DEPLOYMENT, Types.EVENT)) {
      for (ApiObject object : client.list(type, ListQuery.ALL).items()) {
        ObjectMeta metadata = object.metadata();
        versions.put(type.kind() + "/" + metadata.name(), metadata.resourceVersion());
      }
    }
    return versions;
  }

  Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** Runs a command as a person would, and returns what it printed. */
  Said kapell(String command, String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of(command, "--data-dir", folder.toString()));
    all.addAll(List.of(arguments));
    PrintStream before = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(all.toArray(String[]::new));
      return new Said(code, said.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  @Override
  public void close() {
    events.close();
    caches.close();
    api.close();
    store.close();
  }
}
