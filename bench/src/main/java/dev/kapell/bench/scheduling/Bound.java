package dev.kapell.bench.scheduling;

import com.sun.management.OperatingSystemMXBean;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.ServiceAccount;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.scheduling.v1.PriorityClass;
import dev.kapell.apiserver.ApiCore;
import dev.kapell.apiserver.request.User;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import dev.kapell.bench.Writers;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.event.EventRecorder;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.Scheduler;
import dev.kapell.scheduler.SchedulerOptions;
import dev.kapell.store.SqliteStore;
import dev.kapell.store.Store;
import dev.kapell.store.StoreOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A store on disk, the API pipeline and the scheduler in this process; nodes are objects, and a pod
 * that is deleted is gone at once.
 */
final class Bound implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.bench");
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Clock clock = Clock.system();
  private final OperatingSystemMXBean processor =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Store store;
  private final ApiCore core;
  private final Client client;
  private final Caches caches;
  private final EventRecorder events;
  private final TaskScope scope =
      new TaskScope(
          "bench",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "task=" + task + " failed", cause));

  private long startedNanos;
  private long startedProcessorNanos;
  private double micros;

  Bound(Path folder) throws InterruptedException {
    store =
        SqliteStore.open(
            folder.resolve("store.db"),
            StoreOptions.defaults().withNativeCache(folder.resolve("native")));
    core =
        ApiCore.open(
            new ApiCore.Needs(
                store,
                clock,
                Randomness.seeded(1),
                order -> {
                  throw new IllegalStateException("no tokens here");
                }));
    client = core.client(User.SYSTEM, "bench");
    caches = new Caches(client, clock);
    events = new EventRecorder(client, clock, "default-scheduler", "bench");
    client.create(
        Types.NAMESPACE,
        Namespace.builder().metadata(ObjectMeta.builder().name(Fleet.NAMESPACE).build()).build());
    client.create(
        Types.SERVICE_ACCOUNT,
        ServiceAccount.builder()
            .metadata(ObjectMeta.builder().namespace(Fleet.NAMESPACE).name("default").build())
            .build());
    client.create(
        Types.PRIORITY_CLASS,
        PriorityClass.builder()
            .metadata(ObjectMeta.builder().name(Fleet.HIGH).build())
            .value(100)
            .build());
    if (!caches.of(Types.POD).awaitSynced(LIMIT)) {
      throw new IllegalStateException("pods are not told");
    }
  }

  void nodes(int count) throws InterruptedException {
    Writers.inParallel(
        scope,
        count,
        i -> {
          Node wanted = Fleet.node(i);
          Node made = client.create(Types.NODE, wanted);
          // It is ready: the taint that it was born with goes.
          Node ready = client.update(Types.NODE, made.withSpec(wanted.spec()));
          client.updateStatus(Types.NODE, ready.withStatus(wanted.status()));
        });
  }

  /** Pods that wait before the scheduler starts: pods a second from its start to the last one. */
  double backlog(Fleet.Kind kind, int pods) throws InterruptedException {
    create(kind, pods);
    Bindings bindings = new Bindings(caches.of(Types.POD), pods);
    begin();
    Scheduler scheduler = start();
    try {
      bindings.await();
      return end(pods);
    } finally {
      scheduler.close();
    }
  }

  private void begin() {
    startedNanos = clock.nanoTime();
    startedProcessorNanos = processor.getProcessCpuTime();
  }

  private double end(int pods) {
    micros = (processor.getProcessCpuTime() - startedProcessorNanos) / 1e3 / pods;
    return pods / ((clock.nanoTime() - startedNanos) / 1e9);
  }

  /** What a pod cost the process in the last measurement, in microseconds of processor. */
  double micros() {
    return micros;
  }

  /** Pods that come while the scheduler runs: pods a second from the first to the last. */
  double live(Fleet.Kind kind, int pods) throws InterruptedException {
    Scheduler scheduler = start();
    try {
      Bindings bindings = new Bindings(caches.of(Types.POD), pods);
      begin();
      create(kind, pods);
      bindings.await();
      return end(pods);
    } finally {
      scheduler.close();
    }
  }

  /** Pods for which room has to be made, one node each, on nodes that lesser pods fill. */
  double preemption(int nodes, int pods) throws InterruptedException {
    int fillers = nodes;
    Writers.inParallel(scope, fillers, i -> client.create(Types.POD, Fleet.lesser(i)));
    Cache<Pod> known = caches.of(Types.POD);
    Scheduler scheduler = start();
    try {
      new Bindings(known, fillers).await();
      Bindings bindings = new Bindings(known, pods);
      begin();
      create(Fleet.Kind.PREEMPTION, pods);
      bindings.await();
      return end(pods);
    } finally {
      scheduler.close();
    }
  }

  private Scheduler start() {
    return Scheduler.start(SchedulerOptions.of(new LoopContext(client, caches, events, clock)));
  }

  private void create(Fleet.Kind kind, int pods) throws InterruptedException {
    Writers.inParallel(scope, pods, i -> client.create(Types.POD, Fleet.pod(kind, i, pods)));
  }

  /** Hears when so many more pods have a node. */
  private static final class Bindings {
    private final CountDownLatch left;

    Bindings(Cache<Pod> pods, int count) {
      left = new CountDownLatch(count);
      pods.onChange(
          (before, after) -> {
            boolean had = before != null && before.spec().nodeName() != null;
            if (before != null && after != null && !had && after.spec().nodeName() != null) {
              left.countDown();
            }
          });
    }

    /** Fails when nothing has happened for long. */
    void await() throws InterruptedException {
      if (!left.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(left.getCount() + " pods have no node");
      }
    }
  }

  @Override
  public void close() {
    scope.close();
    events.close();
    caches.close();
    core.close();
    store.close();
  }
}
