package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.queue.PodQueue;
import dev.kapell.scheduler.queue.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Finds a node for every pod that has none. One virtual thread decides; everything it owns is
 * touched by no other.
 */
public final class Scheduler implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.scheduler");

  /** Answers for so many templates are kept. */
  private static final int TEMPLATES = 256;

  /** Pods that are stuck are tried again after this, should a change have been missed. */
  private static final Duration STUCK_LIMIT = Duration.ofMinutes(5);

  private static final Duration SYNC_LIMIT = Duration.ofMinutes(1);

  private final SchedulerOptions options;
  private final Clock clock;
  private final Inbox inbox;
  private final Binder binder;
  private final Cache<Node> nodes;
  private final Cache<Pod> pods;
  private final Cluster cluster = new Cluster(new ResourceNames());
  private final PodQueue queue = new PodQueue();

  /**
   * Which pod was last seen under a name; a new one by that name means that the old one is gone.
   */
  private final Map<ObjectKey, Pod> known = new HashMap<>();

  private final View view;
  private final Preemption preemption;
  private final TaskScope scope =
      new TaskScope(
          "scheduler",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "scheduler ended", cause));
  private final Map<Demand, Verdicts> verdicts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Demand, Verdicts> eldest) {
          return size() > TEMPLATES;
        }
      };

  private Scheduler(SchedulerOptions options) {
    LoopContext context = options.context();
    this.options = options;
    this.clock = context.clock();
    this.inbox = new Inbox(clock);
    this.binder = new Binder(context, options.bindings());
    Caches caches = context.caches();
    this.nodes = caches.of(Types.NODE);
    this.pods = caches.of(Types.POD);
    Cache<Namespace> namespaces = caches.of(Types.NAMESPACE);
    Cache<PersistentVolumeClaim> claims = caches.of(Types.PERSISTENT_VOLUME_CLAIM);
    Cache<PersistentVolume> volumes = caches.of(Types.PERSISTENT_VOLUME);
    this.view =
        new View(
            cluster,
            name ->
                namespaces
                    .find(ObjectKey.cluster(name))
                    .map(n -> n.metadata().labels())
                    .orElse(Map.of()),
            claims::find,
            name -> volumes.find(ObjectKey.cluster(name)));
    this.preemption = new Preemption(options.plugins(), view);
    nodes.onChange((before, after) -> nodeChanged(before, after));
    pods.onChange((before, after) -> inbox.pod(keyOf(before, after)));
    claims.onChange((before, after) -> inbox.other());
    volumes.onChange((before, after) -> inbox.other());
  }

  /** Starts a scheduler; it runs until it is closed. */
  public static Scheduler start(SchedulerOptions options) {
    Scheduler scheduler = new Scheduler(options);
    scheduler.scope.start(options.name(), scheduler::run);
    return scheduler;
  }

  private static ObjectKey keyOf(@Nullable Pod before, @Nullable Pod after) {
    return ObjectKey.of(Objects.requireNonNull(after == null ? before : after));
  }

  /** Heartbeats change nothing that a decision looks at. */
  private void nodeChanged(@Nullable Node before, @Nullable Node after) {
    if (before != null
        && after != null
        && before.spec().equals(after.spec())
        && before.metadata().labels().equals(after.metadata().labels())
        && before.status().allocatable().equals(after.status().allocatable())) {
      return;
    }
    Node node = Objects.requireNonNull(after == null ? before : after);
    inbox.node(node.metadata().nameOr(""));
  }

  private void run() throws InterruptedException {
    // A decision without all nodes and pods could put too much on one node.
    if (!nodes.awaitSynced(SYNC_LIMIT) || !pods.awaitSynced(SYNC_LIMIT)) {
      LOG.log(System.Logger.Level.WARNING, "caches not synced within {0}", SYNC_LIMIT);
    }
    long wokenNanos = clock.nanoTime();
    while (true) {
      takeIn(inbox.drain());
      long now = clock.nanoTime();
      if (now - wokenNanos > STUCK_LIMIT.toNanos()) {
        queue.wake();
        wokenNanos = now;
      }
      Optional<Waiting> next = queue.poll(now);
      if (next.isPresent()) {
        schedule(next.get());
      } else {
        inbox.await(queue.nanosUntilNext(now).orElse(STUCK_LIMIT.toNanos()));
      }
    }
  }

  private void takeIn(Inbox.Batch batch) {
    batch.notes().forEach(Runnable::run);
    boolean helps = batch.other();
    for (String name : batch.nodes()) {
      Optional<Node> node = nodes.find(ObjectKey.cluster(name));
      node.ifPresentOrElse(cluster::putNode, () -> cluster.removeNode(name));
      helps |= node.isPresent();
    }
    for (ObjectKey key : batch.pods()) {
      helps |= podChanged(key);
    }
    if (helps) {
      queue.wake();
    }
  }

  /** True when the change may help a pod that is stuck. */
  private boolean podChanged(ObjectKey key) {
    Optional<Pod> found = pods.find(key);
    Pod before = found.isPresent() ? known.put(key, found.get()) : known.remove(key);
    boolean freed = false;
    if (before != null && found.map(pod -> !isSame(pod, before)).orElse(true)) {
      queue.remove(before.metadata().uidOr(""));
      freed = cluster.removePod(before);
    }
    return found.map(this::podIs).orElse(false) || freed;
  }

  private static boolean isSame(Pod one, Pod other) {
    return one.metadata().uidOr("").equals(other.metadata().uidOr("?"));
  }

  private boolean podIs(Pod pod) {
    String uid = pod.metadata().uidOr("");
    String phase = pod.status().phaseOr("");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      queue.remove(uid);
      return cluster.removePod(pod);
    }
    if (!pod.spec().nodeNameOr("").isEmpty()) {
      queue.remove(uid);
      Optional<Placed> before = cluster.placed(uid);
      boolean same =
          before.isPresent()
              && before.get().confirmed()
              && before.get().pod().spec().equals(pod.spec())
              && before.get().pod().metadata().labels().equals(pod.metadata().labels())
              && before.get().pod().metadata().deletionTimestamp() == null
              && pod.metadata().deletionTimestamp() == null;
      if (!same) {
        cluster.putPod(pod);
      }
      // A pod that others want to be near may have come; our own bindings were told when assumed.
      return before.isEmpty() || (before.get().confirmed() && !same);
    }
    boolean ours = pod.spec().schedulerNameOr("default-scheduler").equals(options.name());
    boolean waits =
        ours
            && pod.spec().schedulingGates().isEmpty()
            && pod.metadata().deletionTimestamp() == null;
    if (!waits) {
      queue.remove(uid);
    } else if (cluster.placed(uid).isEmpty()) {
      queue.put(pod, Demand.of(pod, cluster.names()), clock.nanoTime());
    }
    return false;
  }

  private void schedule(Waiting waiting) throws InterruptedException {
    Demand demand = waiting.demand();
    Verdicts answers =
        verdicts.computeIfAbsent(demand, d -> new Verdicts(d, options.plugins(), view));
    OptionalInt row = answers.best();
    if (row.isPresent()) {
      bind(waiting, row.getAsInt());
    } else {
      fail(waiting);
    }
  }

  private void bind(Waiting waiting, int row) throws InterruptedException {
    Pod pod = waiting.pod();
    String node = Objects.requireNonNull(cluster.node(row)).metadata().nameOr("");
    cluster.assume(pod, waiting.demand(), row);
    queue.remove(waiting.uid());
    queue.wakeIf(stuck -> !stuck.demand().isLocal());
    binder.bind(pod, node, failure -> inbox.note(() -> unbound(waiting, failure)));
  }

  /** The place is free again; the pod comes again unless it is gone. */
  private void unbound(Waiting waiting, ApiFailure failure) {
    Optional<Placed> placed = cluster.placed(waiting.uid());
    if (placed.isPresent() && !placed.get().confirmed()) {
      cluster.removePod(waiting.pod());
    }
    if (!failure.isNotFound()) {
      Optional<Pod> now = pods.find(ObjectKey.of(waiting.pod()));
      if (now.isPresent() && isSame(now.get(), waiting.pod())) {
        podIs(now.get());
        queue.delay(waiting, clock.nanoTime());
      }
    }
    queue.wake();
  }

  private void fail(Waiting waiting) throws InterruptedException {
    Demand demand = waiting.demand();
    Pod pod = waiting.pod();
    Explanation why = Explanation.of(demand, options.plugins(), view);
    boolean mayPreempt = !pod.spec().preemptionPolicyOr("").equals("Never");
    Optional<Preemption.Choice> choice =
        mayPreempt ? preemption.choose(demand, why.helpedRows()) : Optional.empty();
    String nominated = "";
    if (choice.isPresent()) {
      nominated = Objects.requireNonNull(cluster.node(choice.get().row())).metadata().nameOr("");
      for (Pod victim : goingNow(choice.get().victims())) {
        binder.preempt(victim, pod, nominated);
      }
    }
    String message = choice.isPresent() ? why.sentence() : why.withPreemption(mayPreempt);
    binder.explain(pod, message, nominated);
    queue.park(waiting, clock.nanoTime());
  }

  private List<Pod> goingNow(List<Pod> victims) {
    return victims.stream()
        .map(victim -> pods.find(ObjectKey.of(victim)).orElse(victim))
        .filter(victim -> victim.metadata().deletionTimestamp() == null)
        .toList();
  }

  /** Ends the decisions, then waits for the writes under way. */
  @Override
  public void close() {
    scope.close();
    binder.close();
  }
}
