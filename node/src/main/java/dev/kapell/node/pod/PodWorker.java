package dev.kapell.node.pod;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.host.mount.MountFailure;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.node.config.ConfigFailure;
import dev.kapell.node.plan.Allocation;
import dev.kapell.node.plan.Change;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.plan.PodContainers;
import dev.kapell.node.plan.PodObserved;
import dev.kapell.node.plan.PodPlan;
import dev.kapell.node.plan.PodPlanner;
import dev.kapell.node.plan.ProbeSeen;
import dev.kapell.node.plan.SandboxSeen;
import dev.kapell.node.plan.Verdict;
import dev.kapell.node.plan.VolumesSeen;
import dev.kapell.node.probe.Probing;
import dev.kapell.node.probe.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One pod's worker.
 *
 * <pre>
 *   asleep ──woken──▶ look ─▶ decide ─▶ start changes, offer status ─▶ asleep … until nothing is left
 * </pre>
 */
final class PodWorker {
  private static final System.Logger LOG = System.getLogger("kapell.node");

  /** How long at most until the next look, in case an event was lost. */
  private static final Duration RESYNC = Duration.ofMinutes(5);

  private static final Duration RUNTIME_RETRY = Duration.ofSeconds(1);

  /** Told about what a worker finds. */
  interface Registry {
    /** Events about {@code id} concern this worker. */
    void owns(String id, PodWorker worker);

    /** What the node gives to the pod now. */
    Allocation allocation(PodWorker worker);

    /** The pod has ended: what it was given is free. */
    void ended(PodWorker worker);

    /** Nothing is left of the pod. */
    void finished(PodWorker worker);
  }

  private final PodRoom room;
  private final PodMemory memory;
  private final PodEvents events;
  private final PodObserver observer;
  private final PodActions actions;
  private final StatusWriter status;
  private final Registry registry;
  private final Signal signal = new Signal();
  private final AtomicBoolean refresh = new AtomicBoolean();
  private final Map<String, Probing> probings = new HashMap<>();
  private volatile PodObserver.Seen latest = new PodObserver.Seen(List.of(), List.of());
  private Clock.@Nullable Alarm alarm;
  private final Runnable waker = this::wake;
  private boolean ended;

  PodWorker(PodRoom room, Pod pod, List<String> sandboxIds, Registry registry) {
    this.room = room;
    this.memory = new PodMemory(pod);
    sandboxIds.forEach(memory::sandbox);
    this.events = new PodEvents(room.events(), memory);
    this.observer =
        new PodObserver(room.runtime(), new TerminationMessages(p -> PodPlace.of(room, p)));
    this.actions = new PodActions(room, memory, events);
    this.status = new StatusWriter(room, memory, this::wake);
    this.registry = registry;
  }

  /** Starts the pod's two threads. */
  void start() {
    Thread writer = room.scope().start("status " + events.name(), this::writeStatus);
    room.scope()
        .start(
            "pod " + events.name(),
            () -> {
              try {
                run();
              } finally {
                writer.interrupt();
              }
            });
    wake();
  }

  private void writeStatus() {
    try {
      status.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the pod is gone: the thread ends here
    }
  }

  Pod pod() {
    return memory.pod();
  }

  /** Done once the API has been told how the pod is, or the pod is gone. */
  CompletableFuture<Void> told() {
    return status.told();
  }

  /** What the runtime last said. */
  PodObserver.Seen latest() {
    return latest;
  }

  void wake() {
    signal.raise();
  }

  /** Does {@link #wake}; always the same one. */
  Runnable waker() {
    return waker;
  }

  /** The API has a newer state of the pod. */
  void changed(Pod pod) {
    Pod before = memory.pod();
    if (before.metadata().resourceVersionOr("").equals(pod.metadata().resourceVersionOr("-"))) {
      return;
    }
    memory.pod(pod);
    boolean facts =
        !before.metadata().labels().equals(pod.metadata().labels())
            || !before.metadata().annotations().equals(pod.metadata().annotations());
    if (facts) {
      refresh.set(true);
    }
    wake();
  }

  /** The API no longer has the pod. */
  void gone() {
    memory.gone();
    wake();
  }

  /** The API still has the pod. */
  boolean listed() {
    return memory.listed();
  }

  /** The node wants the pod to fail. */
  void refuse(Verdict verdict) {
    memory.verdict(verdict);
    events.warning(verdict.reason(), verdict.message());
    wake();
  }

  /** People should read this of the pod, which runs all the same. */
  void remark(Verdict remark) {
    events.warning(remark.reason(), remark.message());
  }

  /** Something that the pod's volumes are made from has changed. */
  void refreshVolumes() {
    refresh.set(true);
    wake();
  }

  private void run() throws InterruptedException {
    boolean done = false;
    while (!done) {
      signal.await();
      try {
        done = step();
      } catch (RuntimeFailure e) {
        if (e.is(RuntimeFailure.Kind.INTERRUPTED)) {
          throw new InterruptedException("closed while looking at " + events.name());
        }
        LOG.log(
            System.Logger.Level.DEBUG,
            "runtime does not answer object={0} cause={1}",
            events.name(),
            e.getMessage());
        alarm(RUNTIME_RETRY);
      }
    }
    probings.values().forEach(Probing::close);
    alarm(null);
    status.told().complete(null);
    try {
      room.volumes().deleteLogs(actions.facts(List.of()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "logs left behind object=" + events.name(), e);
    }
    registry.finished(this);
  }

  private boolean step() {
    review();
    PodObserver.Seen runtime = observer.look(memory);
    latest = runtime;
    runtime.sandboxes().forEach(s -> registry.owns(s.id(), this));
    runtime.containers().forEach(c -> registry.owns(c.id(), this));
    PodObserved seen = memory.observed(runtime, room.node().hostIps());
    if (probe(seen)) {
      seen = memory.observed(runtime, room.node().hostIps());
    }
    Instant now = room.clock().now();
    PodPlan plan = PodPlanner.decide(seen, now);
    if (plan.terminating()) {
      memory.interruptBuilding();
    }
    plan.changes().forEach(this::begin);
    status.offer(plan.status());
    if (!ended && HostPorts.ended(seen.pod().withStatus(plan.status()))) {
      ended = true;
      registry.ended(this);
    }
    Optional<Instant> renewal = refreshVolumes(seen, now);
    alarm(wait(plan, renewal, now));
    return plan.done();
  }

  /** Asks what the node gives to the pod, and tells people when it is not what the pod wants. */
  private void review() {
    if (ended) {
      return;
    }
    Allocation now = registry.allocation(this);
    Optional<Allocation> before = memory.allocation(now);
    Allocation.Pending pending = now.pending();
    boolean news = !before.map(Allocation::pending).equals(Optional.ofNullable(pending));
    if (pending != null && news && before.isPresent()) {
      events.warning("Resize" + pending.reason(), pending.message());
    }
  }

  private static Duration wait(PodPlan plan, Optional<Instant> renewal, Instant now) {
    Duration wait = RESYNC;
    for (Optional<Instant> due : List.of(plan.wakeAt(), renewal)) {
      if (due.isPresent() && Duration.between(now, due.get()).compareTo(wait) < 0) {
        wait = Duration.between(now, due.get());
      }
    }
    return wait;
  }

  private void alarm(@Nullable Duration delay) {
    if (alarm != null) {
      alarm.cancel();
    }
    alarm = delay == null ? null : room.clock().schedule(delay, this::wake);
  }

  private void begin(Change change) {
    if (change instanceof Change.DeleteFromApi) {
      status.delete();
      return;
    }
    if (!memory.begin(change)) {
      return;
    }
    room.scope()
        .start(change.getClass().getSimpleName() + " " + events.name(), () -> carryOut(change));
  }

  private void carryOut(Change change) throws InterruptedException {
    memory.running(change);
    try {
      actions.carryOut(change);
    } catch (RuntimeFailure | ApiFailure e) {
      if (!(e instanceof RuntimeFailure f && f.is(RuntimeFailure.Kind.INTERRUPTED))) {
        LOG.log(
            System.Logger.Level.WARNING,
            "pod change failed object=" + events.name() + " change=" + change,
            e);
        room.clock().sleep(RUNTIME_RETRY);
      }
    } catch (InterruptedException e) {
      if (room.scope().isClosed()) {
        throw e;
      }
      LOG.log(
          System.Logger.Level.DEBUG,
          "pod change given up object={0} change={1}",
          events.name(),
          change);
    } catch (IllegalStateException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "pod change failed object=" + events.name() + " change=" + change,
          e);
      room.clock().sleep(RUNTIME_RETRY);
    } finally {
      memory.end(change);
      wake();
    }
  }

  /** Configuration and tokens of a pod with mounted volumes; answers when the next token is due. */
  private Optional<Instant> refreshVolumes(PodObserved seen, Instant now) {
    if (!(seen.memory().volumes() instanceof VolumesSeen.Mounted) || !seen.listed()) {
      return Optional.empty();
    }
    String uid = seen.pod().metadata().uidOr("");
    Optional<Instant> due = room.volumes().refreshAt(uid);
    if (refresh.getAndSet(false) || due.filter(at -> !at.isAfter(now)).isPresent()) {
      room.scope().start("refresh " + events.name(), this::refreshNow);
      return Optional.of(now.plus(Duration.ofSeconds(10)));
    }
    return due;
  }

  private void refreshNow() {
    try {
      List<String> ips =
          latest.sandboxes().stream()
              .filter(SandboxSeen::ready)
              .findFirst()
              .map(SandboxSeen::ips)
              .orElse(List.of());
      room.volumes().refresh(actions.facts(ips));
    } catch (ConfigFailure | ApiFailure | IOException | MountFailure e) {
      events.warning("FailedMount", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Starts the probes of containers that have begun and ends those of the others; true when
   * something began.
   */
  private boolean probe(PodObserved seen) {
    boolean began = false;
    Map<String, Probing> old = new HashMap<>(probings);
    for (ContainerSeen container : seen.containers()) {
      Optional<Container> spec = PodContainers.find(seen.pod(), container.name());
      boolean busy =
          seen.inFlight().stream()
              .anyMatch(
                  c -> c instanceof Change.StartContainer s && s.name().equals(container.name()));
      if (container.state() != ContainerSeen.State.RUNNING || spec.isEmpty() || busy) {
        continue;
      }
      if (old.remove(container.id()) == null && Probing.wanted(spec.get())) {
        probings.put(container.id(), begin(seen, spec.get(), container));
        began = true;
      }
    }
    old.forEach(
        (id, probing) -> {
          probing.close();
          probings.remove(id);
        });
    return began;
  }

  private Probing begin(PodObserved seen, Container spec, ContainerSeen container) {
    ProbeSeen initial = recorded(seen.pod(), spec, container);
    memory.probe(container.id(), initial);
    List<String> ips =
        seen.pod().spec().hostNetworkOr(false)
            ? room.node().hostIps()
            : seen.readySandbox().map(SandboxSeen::ips).orElse(List.of());
    Target target =
        new Target(
            new ContainerId(container.id()), spec, ips.isEmpty() ? "127.0.0.1" : ips.getFirst());
    return Probing.start(
        target,
        room.actions(),
        room.scope(),
        initial,
        new Probing.Listener() {
          @Override
          public void changed(ProbeSeen now) {
            memory.probe(container.id(), now);
            wake();
          }

          @Override
          public void unhealthy(String kind, String message) {
            events.warning("Unhealthy", container.name(), kind + " probe failed: " + message);
          }
        });
  }

  /**
   * A container that ran before this agent did keeps what the API says of it, until a probe says
   * otherwise.
   */
  private static ProbeSeen recorded(Pod pod, Container spec, ContainerSeen container) {
    ProbeSeen initial = Probing.initial(spec);
    for (ContainerStatus status : pod.status().containerStatuses()) {
      if (status.containerIDOr("").endsWith(container.id())) {
        ProbeSeen.Result started =
            status.startedOr(false) ? ProbeSeen.Result.PASSED : initial.started();
        ProbeSeen.Result ready = status.readyOr(false) ? ProbeSeen.Result.PASSED : initial.ready();
        return new ProbeSeen(started, initial.live(), ready);
      }
    }
    return initial;
  }
}
