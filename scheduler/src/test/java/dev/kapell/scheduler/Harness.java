package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.core.v1.ServiceAccount;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.store.MemoryStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** An API server in memory with a scheduler on it. */
final class Harness implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Store store = MemoryStore.open(StoreOptions.defaults());
  private final ApiCore core;
  private final Caches caches;
  private final EventRecorder events;
  private final Scheduler scheduler;
  final Client client;

  Harness() {
    this(Clock.system(), options -> options);
  }

  /**
   * With a scheduler that is not the usual one.
   *
   * @param clock the scheduler's; the server keeps the usual time
   */
  Harness(Clock clock, UnaryOperator<SchedulerOptions> edit) {
    core =
        ApiCore.open(
            new ApiCore.Needs(
                store,
                Clock.system(),
                Randomness.seeded(1),
                order -> {
                  throw new IllegalStateException("no tokens in this test");
                }));
    client = core.client(User.SYSTEM, "test");
    createDefaults();
    caches = new Caches(client, Clock.system());
    events = new EventRecorder(client, Clock.system(), "default-scheduler", "test");
    scheduler =
        Scheduler.start(
            edit.apply(SchedulerOptions.of(new LoopContext(client, caches, events, clock))));
  }

  private void createDefaults() {
    try {
      client.create(
          Types.NAMESPACE,
          Namespace.builder().metadata(ObjectMeta.builder().name("default").build()).build());
    } catch (ApiFailure e) {
      if (!e.isAlreadyExists()) {
        throw e;
      }
    }
    client.create(
        Types.SERVICE_ACCOUNT,
        ServiceAccount.builder()
            .metadata(ObjectMeta.builder().namespace("default").name("default").build())
            .build());
  }

  Node node(String name, String cpu, UnaryOperator<Node> edit) {
    Map<String, Quantity> resources = new LinkedHashMap<>();
    resources.put("cpu", Quantity.parse(cpu));
    resources.put("memory", Quantity.parse("8Gi"));
    resources.put("pods", Quantity.parse("110"));
    Node node =
        Node.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(name)
                    .labels(Map.of("kubernetes.io/hostname", name))
                    .build())
            .build();
    // Nobody sees it without room, nor untainted before it is all there.
    NodeStatus status = NodeStatus.builder().capacity(resources).allocatable(resources).build();
    Node wanted = edit.apply(node);
    Node made = client.create(Types.NODE, wanted.withStatus(status));
    // It is ready: the taint that it was born with goes.
    return client.update(Types.NODE, made.withSpec(wanted.spec()));
  }

  static Pod pod(String name, String cpu) {
    return Pod.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace("default")
                .name(name)
                .labels(Map.of("app", "web"))
                .build())
        .spec(
            PodSpec.builder()
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
  }

  void create(Pod pod) {
    client.create(Types.POD, pod);
  }

  Pod get(String name) {
    return client.get(Types.POD, new ObjectKey("default", name));
  }

  String nodeOf(String name) {
    return get(name).spec().nodeNameOr("");
  }

  /** What the PodScheduled condition says. */
  String explanation(String name) {
    return get(name).status().conditions().stream()
        .filter(c -> c.typeOr("").equals("PodScheduled"))
        .map(c -> c.messageOr(""))
        .findFirst()
        .orElse("");
  }

  List<Pod> pods() {
    return client.list(Types.POD, ListQuery.ALL).items();
  }

  static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = Clock.system().nanoTime() + LIMIT.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!holds.getAsBoolean()) {
      if (Clock.system().nanoTime() > deadline || never.await(20, TimeUnit.MILLISECONDS)) {
        throw new AssertionError(what + " did not come true within " + LIMIT);
      }
    }
  }

  @Override
  public void close() {
    scheduler.close();
    events.close();
    caches.close();
    core.close();
    store.close();
  }
}
