package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Namespace;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.scheduler.choice.Verdicts;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.device.ClaimNews;
import dev.kapell.scheduler.device.PodDevices;
import dev.kapell.scheduler.device.Reservation;
import dev.kapell.scheduler.extender.ExtenderException;
import dev.kapell.scheduler.gang.Gang;
import dev.kapell.scheduler.plugin.Event;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import dev.kapell.scheduler.queue.PodQueue;
import dev.kapell.scheduler.queue.Waiting;
import dev.kapell.scheduler.storage.Choice;
import dev.kapell.scheduler.storage.PodClaims;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds a node for every pod that has none. One virtual thread decides; everything it owns is
 * touched by no other.
 */
public final class Scheduler implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.scheduler");

  /** Pods that are stuck are tried again after this, should a change have been missed. */
  private static final Duration STUCK_LIMIT = Duration.ofMinutes(5);

  private static final int EVENTS_AT_ONCE = 256;

  private static final Duration SYNC_LIMIT = Duration.ofMinutes(1);

  private final SchedulerOptions options;
  private final Clock clock;
  private final Inbox inbox;
  private final Binder binder;
  private final Cache<Node> nodes;
  private final Cache<Pod> pods;
  private final Cluster cluster;
  private final PodQueue queue;
  private final Intake intake;
  private final View view;
  private final Map<String, Rules> rules = new LinkedHashMap<>();
  private final Excuses excuses;
  private final Evictions evictions;

  /** What those that are stuck have not heard of yet. */
  private final List<Event> happened = new ArrayList<>();

  private final Queues queues;
  private final Gangs gangs;
  private final TaskScope scope =
      new TaskScope(
          "scheduler",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "scheduler ended", cause));

  private Scheduler(SchedulerOptions options) {
    LoopContext context = options.context();
    this.options = options;
    this.clock = context.clock();
    this.inbox = new Inbox(clock);
    this.binder = new Binder(context, options.bindings());
    Caches caches = context.caches();
    this.nodes = caches.of(Types.NODE);
    this.pods = caches.of(Types.POD);
    this.cluster = new Cluster(new ResourceNames(), View.namespaceLabels(caches));
    this.queues = new Queues(context, cluster);
    this.queue = new PodQueue(options.backoff(), queues::share);
    this.view = View.of(cluster, caches);
    for (Profile profile : options.profiles()) {
      rules.put(profile.schedulerName(), Rules.of(profile, view, options.extenders()));
    }
    this.intake = new Intake(nodes, pods, cluster, queue, rules.keySet());
    this.excuses = new Excuses(view, clock);
    this.evictions = new Evictions(pods, cluster, binder, inbox, queue);
    this.gangs =
        new Gangs(
            new Gangs.Needs(pods, queue, view, binder, evictions, inbox, clock),
            new Gangs.Pods() {
              @Override
              public Rules rulesFor(Pod pod) {
                return Scheduler.this.rulesFor(pod);
              }

              @Override
              public Optional<String> heldBack(Demand demand) {
                return queues.refusal(demand);
              }

              @Override
              public void bind(Waiting waiting, int row, Rules rulesOfPod)
                  throws InterruptedException {
                Scheduler.this.bind(waiting, row, rulesOfPod);
              }
            });
    listen(caches);
  }

  private void listen(Caches caches) {
    nodes.onChange((before, after) -> nodeChanged(before, after));
    pods.onChange((before, after) -> inbox.pod(keyOf(before, after)));
    Cache<Namespace> namespaces = caches.of(Types.NAMESPACE);
    namespaces.onChange(
        (before, after) -> {
          if (before == null
              || after == null
              || !before.metadata().labels().equals(after.metadata().labels())) {
            inbox.other(Inbox.Other.NAMESPACES);
          }
        });
    queues.onChange(() -> inbox.other(Inbox.Other.QUEUES));
    caches.of(Types.POD_DISRUPTION_BUDGET).onChange((b, a) -> inbox.other(Inbox.Other.BUDGETS));
    caches.of(Types.PERSISTENT_VOLUME_CLAIM).onChange((b, a) -> storageChanged());
    caches.of(Types.PERSISTENT_VOLUME).onChange((b, a) -> storageChanged());
    caches.of(Types.STORAGE_CLASS).onChange((b, a) -> storageChanged());
    caches.of(Types.CSI_NODE).onChange((b, a) -> storageChanged());
    caches.of(Types.CSI_STORAGE_CAPACITY).onChange((b, a) -> storageChanged());
    caches.of(Types.VOLUME_ATTACHMENT).onChange((b, a) -> storageChanged());
    caches
        .of(Types.RESOURCE_CLAIM)
        .onChange(
            (before, after) -> {
              if (ClaimNews.isNews(before, after)) {
                inbox.other(Inbox.Other.DEVICES);
              }
            });
    caches.of(Types.RESOURCE_SLICE).onChange((b, a) -> inbox.other(Inbox.Other.DEVICES));
    caches.of(Types.DEVICE_CLASS).onChange((b, a) -> inbox.other(Inbox.Other.DEVICES));
  }

  private void storageChanged() {
    inbox.other(Inbox.Other.STORAGE);
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
        && before.status().allocatable().equals(after.status().allocatable())
        && before.status().images().equals(after.status().images())) {
      return;
    }
    Node node = Objects.requireNonNull(after == null ? before : after);
    inbox.node(node.metadata().nameOr(""));
  }

  private void run() throws InterruptedException {
    // A decision without all nodes and pods could put too much on one node.
    if (!options.context().caches().awaitSynced(SYNC_LIMIT)) {
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
    batch.notes().forEach(Scheduler::guarded);
    if (batch.others().contains(Inbox.Other.BUDGETS)) {
      rules.values().forEach(r -> r.preemption().ifPresent(Preemption::budgetsChanged));
    }
    if (batch.others().contains(Inbox.Other.DEVICES)
        || batch.others().contains(Inbox.Other.STORAGE)) {
      excuses.forgetClaims();
    }
    List<Event> events = intake.take(batch, clock.nanoTime(), this::broke);
    if (!batch.nodes().isEmpty()) {
      queues.nodesChanged();
      queue.wakeExpecting(waiting -> !isBeingCleared(waiting)); // its node may be gone
    }
    if (batch.others().contains(Inbox.Other.QUEUES)) {
      queues.refresh();
      queue.wake();
    }
    happened.addAll(events);
    // While there is other work, those that are stuck are gone through for many events at once.
    if (!happened.isEmpty() && (queue.isIdle() || happened.size() >= EVENTS_AT_ONCE)) {
      wake(happened);
      happened.clear();
    }
  }

  /** What one outcome breaks must not keep all other pods from their nodes. */
  private static void guarded(Runnable outcome) {
    try {
      outcome.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the outcome of a write broke the scheduler", e);
    }
  }

  /** A pod cannot be taken in. */
  private void broke(Pod pod, RuntimeException cause) {
    LOG.log(System.Logger.Level.ERROR, "scheduler broke object=" + ObjectKey.of(pod), cause);
    binder.warn(pod, "the scheduler cannot count this pod: " + cause);
  }

  private void wake(List<Event> events) {
    try {
      wakeHelped(events);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "events broke the scheduler; all pods are tried", e);
      queue.wake();
    }
  }

  private void wakeHelped(List<Event> events) {
    queue.wakeIf(
        waiting -> {
          // Who waits for a node that is being cleared hears when that node is: a gang, for
          // instance.
          return !isBeingCleared(waiting)
              && rulesFor(waiting.pod()).isHelped(waiting, events, view);
        });
    boolean onlyPods = events.stream().allMatch(Event::isOfPod);
    if (onlyPods) {
      events.forEach(this::wakeExpecting);
    } else {
      queue.wakeExpecting(waiting -> !isBeingCleared(waiting));
    }
  }

  /** Those whose node has just become free; the many others need not be looked at. */
  private void wakeExpecting(Event event) {
    if (event instanceof Event.PodGone gone && gone.row() >= 0) {
      evictions.cleared(gone.row()).forEach(queue::wakeExpecting);
    }
  }

  private boolean isBeingCleared(Waiting waiting) {
    return cluster
        .nominatedRow(waiting.uid())
        .map(row -> evictions.isUnderWay(row, waiting.demand()))
        .orElse(false);
  }

  private Rules rulesFor(Pod pod) {
    return Objects.requireNonNull(
        rules.get(pod.spec().schedulerNameOr(Profile.DEFAULT_NAME)), "a profile by that name");
  }

  /** A bug that one pod brings to light is told on that pod, and the others go on. */
  private void schedule(Waiting waiting) throws InterruptedException {
    Pod pod = waiting.pod();
    try {
      decide(waiting);
    } catch (ExtenderException e) {
      binder.failed(pod, String.valueOf(e.getMessage()));
      queue.delay(waiting, clock.nanoTime());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "decision broke object=" + ObjectKey.of(pod), e);
      binder.failed(
          pod, "the scheduler failed on this pod: " + e + "; it is tried again after a back-off");
      queue.delay(waiting, clock.nanoTime());
    }
  }

  private void decide(Waiting waiting) throws InterruptedException {
    Rules rulesOfPod = rulesFor(waiting.pod());
    Optional<String> heldBack = queues.refusal(waiting.demand());
    if (heldBack.isPresent()) {
      giveUpRoom(waiting);
      binder.explain(waiting.pod(), heldBack.get(), Optional.of(""));
      queue.park(waiting, -1, clock.nanoTime());
      return;
    }
    switch (Gang.read(waiting.pod())) {
      case Gang.Reading.None() -> scheduleAlone(waiting, rulesOfPod);
      case Gang.Reading.Member(Gang gang) -> gangs.schedule(gang, waiting);
      case Gang.Reading.Invalid(String message) -> gangs.refuse(waiting, message);
    }
  }

  /** A pod that may not go where room was made for it leaves that room to others. */
  private void giveUpRoom(Waiting waiting) {
    Optional<Integer> row = cluster.nominatedRow(waiting.uid());
    if (row.isPresent()) {
      cluster.unnominate(waiting.uid());
      wake(List.of(new Event.PodGone(waiting.demand(), row.get())));
    }
  }

  private void scheduleAlone(Waiting waiting, Rules rulesOfPod) throws InterruptedException {
    Verdicts.Answer answer = rulesOfPod.verdicts().best(waiting.pod(), waiting.demand());
    if (answer.row().isPresent()) {
      bind(waiting, answer.row().get(), rulesOfPod);
    } else {
      fail(waiting, answer.refusers(), rulesOfPod);
    }
  }

  private void bind(Waiting waiting, int row, Rules rulesOfPod) throws InterruptedException {
    Pod pod = waiting.pod();
    Demand demand = waiting.demand();
    Choice volumes =
        demand.claims().isEmpty()
            ? Choice.NOTHING
            : PodClaims.of(demand, view.storage()).choice(cluster.nodeOf(row), view.storage());
    Optional<List<Reservation>> devices = devices(demand, row);
    if (devices.isEmpty()) {
      queue.delay(waiting, clock.nanoTime()); // not where the filter has let it pass
      return;
    }
    view.storage().promises().make(volumes.matches());
    view.devices().inFlight().start(waiting.uid(), devices.get());
    cluster.unnominate(waiting.uid());
    cluster.assume(pod, demand, row);
    queue.remove(waiting.uid());
    if (queue.isAnyStuckBy(rulesOfPod.social())) {
      wake(List.of(new Event.PodPlaced(demand)));
    }
    String node = cluster.nodeOf(row).metadata().nameOr("");
    binder.bind(
        new Binder.Bound(pod, node, volumes, devices.get(), options.extenders()),
        failure -> inbox.note(() -> bound(waiting, volumes, devices.get(), failure)));
  }

  private Optional<List<Reservation>> devices(Demand demand, int row) {
    return demand.devices().isEmpty()
        ? Optional.of(List.of())
        : PodDevices.of(demand, view.devices()).choice(cluster.nodeOf(row), view.devices());
  }

  /**
   * The end of a binding; when it was refused, the place is free again, and the pod comes again.
   */
  private void bound(
      Waiting waiting, Choice volumes, List<Reservation> devices, Optional<ApiFailure> failure) {
    view.storage().promises().end(volumes.matches());
    view.devices().inFlight().end(waiting.uid(), devices);
    if (failure.isEmpty()) {
      return;
    }
    Optional<Placed> placed = cluster.placed(waiting.uid());
    if (placed.isPresent() && !placed.get().confirmed()) {
      cluster.removePod(waiting.pod());
    }
    if (!failure.get().isNotFound()) {
      Optional<Pod> now = pods.find(ObjectKey.of(waiting.pod()));
      if (now.isPresent() && Intake.isSame(now.get(), waiting.pod())) {
        intake.podIs(now.get(), clock.nanoTime());
        queue.delay(waiting, clock.nanoTime());
      }
    }
    wake(
        List.of(
            new Event.PodGone(waiting.demand(), placed.map(Placed::row).orElse(-1)),
            new Event.DevicesChanged()));
  }

  private void fail(Waiting waiting, long refusers, Rules rulesOfPod) throws InterruptedException {
    Demand demand = waiting.demand();
    Pod pod = waiting.pod();
    Excuses.Excuse excuse = excuses.of(demand, rulesOfPod.profile(), besides(pod));
    if (excuse.isNone()) {
      // A claim has come since it was refused, for instance; the word of that is under way.
      queue.park(waiting, 0, clock.nanoTime());
      return;
    }
    boolean mayPreempt =
        rulesOfPod.preemption().isPresent() && !pod.spec().preemptionPolicyOr("").equals("Never");
    if (mayPreempt && isBeingCleared(waiting)) {
      queue.expect(waiting, refusers, clock.nanoTime());
      return;
    }
    Optional<Preemption.Choice> choice =
        mayPreempt
            ? rulesOfPod
                .preemption()
                .flatMap(p -> p.choose(demand, excuse.helped()))
                .or(() -> queues.reclaim(demand, excuse.helped(), rulesOfPod.profile(), view))
            : Optional.empty();
    if (choice.isPresent()) {
      String node = evictions.clear(choice.get(), pod, demand);
      binder.explain(pod, excuse.withVictims(), Optional.of(node));
    } else {
      cluster.unnominate(waiting.uid());
      binder.explain(pod, excuse.withoutVictims(mayPreempt), Optional.of(""));
    }
    if (isBeingCleared(waiting)) {
      queue.expect(waiting, refusers, clock.nanoTime());
    } else {
      queue.park(waiting, refusers, clock.nanoTime());
    }
  }

  /** Who may refuse a node that passes all filters. */
  private Optional<String> besides(Pod pod) {
    if (options.extenders().concern(pod)) {
      return Optional.of("node(s) were refused by a scheduler extender");
    }
    return cluster.hasNominations()
        ? Optional.of("node(s) are being cleared for other pods")
        : Optional.empty();
  }

  /** Ends the decisions, then waits for the writes under way. */
  @Override
  public void close() {
    scope.close();
    binder.close();
  }
}
