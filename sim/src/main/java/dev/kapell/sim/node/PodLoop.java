package dev.kapell.sim.node;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodStatus;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.Preconditions;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Outcome;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Reconciler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells of pods what {@link PodLife} decides, at once or as late as the machine is. */
final class PodLoop implements Reconciler<ObjectKey>, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.sim");

  /** So often a node looks whether what is said of a pod is still what it said itself. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Client client;
  private final Cache<Pod> pods;
  private final Machines machines;
  private final Clock clock;
  private final Manners manners;
  private final TaskScope late =
      new TaskScope("late", (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));

  PodLoop(Client client, Cache<Pod> pods, Machines machines, Clock clock, Manners manners) {
    this.client = client;
    this.pods = pods;
    this.machines = machines;
    this.clock = clock;
    this.manners = manners;
  }

  @Override
  public Outcome reconcile(ObjectKey key) {
    Optional<Pod> found = pods.find(key);
    if (found.isEmpty()) {
      return Outcome.done();
    }
    Pod pod = found.get();
    String uid = pod.metadata().uidOr("");
    Optional<Machine> machine = machines.find(pod.spec().nodeNameOr(""));
    if (machine.isEmpty()) {
      return Outcome.done();
    }
    boolean killed = machines.isKilled(uid);
    PodLife.Seen seen =
        new PodLife.Seen(
            pod,
            machine.get(),
            manners,
            killed,
            machines.address(uid),
            machines.address(machine.get().shape().name()));
    Instant now = SimulatedNodes.second(clock);
    Plan plan = PodLife.decide(seen, now);
    Duration patience = patience(pod, plan, now);
    if (patience.isPositive()) {
      return Outcome.again(patience);
    }
    Duration lag = machine.get().lag();
    for (Change change : plan.changes()) {
      if (lag.isPositive()) {
        return late(pod, change, lag);
      }
      apply(change);
    }
    if (killed && machine.get().answers()) {
      machines.revived(uid);
    }
    return plan.again().map(Outcome::again).orElseGet(Outcome::done);
  }

  /** What others have written into the conditions stays until the next look. */
  private Duration patience(Pod pod, Plan plan, Instant now) {
    String uid = pod.metadata().uidOr("");
    boolean contested =
        plan.changes().stream()
            .anyMatch(
                change ->
                    change instanceof Change.UpdateStatus<?> update
                        && update.after() instanceof Pod after
                        && PodConditions.areContested(pod, after));
    if (!contested) {
      machines.settled(uid);
      return Duration.ZERO;
    }
    return LOOK.minus(Duration.between(machines.contestedSince(uid, now), now));
  }

  /** Told when it may no longer be true, and without looking again. */
  private Outcome late(Pod pod, Change change, Duration lag) {
    clock.schedule(
        lag,
        () -> {
          if (!late.isClosed()) {
            late.start("word", () -> lie(pod, change));
          }
        });
    return Outcome.again(lag.plusSeconds(1));
  }

  private void lie(Pod pod, Change change) {
    if (!machines.find(pod.spec().nodeNameOr("")).map(Machine::answers).orElse(false)) {
      return;
    }
    try {
      switch (change) {
        case Change.UpdateStatus<?> update when update.after() instanceof Pod after ->
            client.patch(Types.POD, ObjectKey.of(pod), patch(after));
        default -> apply(change);
      }
    } catch (ApiFailure e) {
      LOG.log(System.Logger.Level.DEBUG, "late word refused object={0} cause={1}", pod, e);
    }
  }

  private static Patch patch(Pod after) {
    String status =
        new String(JsonCodec.encode(PodStatus.CODEC, after.status()), StandardCharsets.UTF_8);
    String uid = after.metadata().uidOr("");
    return Patch.merge("{\"metadata\":{\"uid\":\"" + uid + "\"},\"status\":" + status + "}")
        .onStatus();
  }

  private void apply(Change change) {
    switch (change) {
      case Change.UpdateStatus<?> update when update.after() instanceof Pod after ->
          pods.written(client.updateStatus(Types.POD, after));
      case Change.Delete<?> delete -> remove(delete);
      default -> throw new IllegalStateException("a node does not do this: " + change);
    }
  }

  private void remove(Change.Delete<?> delete) {
    DeleteOptions options =
        DeleteOptions.builder()
            .gracePeriodSeconds(0L)
            .preconditions(Preconditions.builder().uid(delete.uid()).build())
            .build();
    try {
      client.delete(Types.POD, delete.key(), options);
    } catch (ApiFailure e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    late.close();
  }
}
