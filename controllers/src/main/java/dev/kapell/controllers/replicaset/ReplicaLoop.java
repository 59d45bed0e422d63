package dev.kapell.controllers.replicaset;

import dev.kapell.api.ApiObject;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.workload.PodWatch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps as many pods as each object of a kind wants. */
final class ReplicaLoop<T extends ApiObject> implements Planner<ObjectKey, ReplicaLoop.Seen<T>> {
  /** An object and the pods that it manages or might adopt. */
  record Seen<T>(T set, List<Pod> pods) {}

  private final ReplicaKind<T> kind;
  private final PodWatch<T> pods;

  private ReplicaLoop(ReplicaKind<T> kind, LoopContext context) {
    this.kind = kind;
    this.pods = new PodWatch<>(context, kind.type(), kind::selects);
  }

  /** Starts the loop with {@code workers} threads. */
  static <T extends ApiObject> ControlLoop<ObjectKey> start(
      ReplicaKind<T> kind, LoopContext context, int workers) {
    ReplicaLoop<T> planner = new ReplicaLoop<>(kind, context);
    ControlLoop<ObjectKey> loop = context.planned(kind.type().singular(), planner);
    planner.pods.feed(loop);
    return loop.start(workers);
  }

  @Override
  public Optional<Seen<T>> observe(ObjectKey key) {
    return pods.owners().find(key).map(set -> new Seen<>(set, pods.candidates(set)));
  }

  @Override
  public Plan decide(Seen<T> seen, Instant now) {
    return decideFor(kind, seen, now);
  }

  /** Pods first, then the status. */
  static <T extends ApiObject> Plan decideFor(ReplicaKind<T> kind, Seen<T> seen, Instant now) {
    T set = seen.set();
    Replicas.Decision decision = kind.replicas(set).decide(seen.pods(), now);
    Plan.Builder plan = new Plan.Builder().addAll(decision.changes());
    decision.again().ifPresent(plan::againAfter);
    T told = kind.told(set, decision.counts(), Optional.empty());
    return plan.add(Change.updateStatus(kind.type(), set, told, "pods counted")).build();
  }

  @Override
  public Plan refused(Seen<T> seen, Change change, ApiFailure why, Instant now) {
    String reason =
        switch (change) {
          case Change.Create<?> _ -> "FailedCreate";
          case Change.Delete<?> _ -> "FailedDelete";
          default -> "";
        };
    if (reason.isEmpty() || why.isConflict()) {
      return Plan.NOTHING;
    }
    T set = seen.set();
    Failure failure = new Failure(reason, String.valueOf(why.getMessage()), now);
    Replicas.Counts counts = kind.replicas(set).decide(seen.pods(), now).counts();
    T told = kind.told(set, counts, Optional.of(failure));
    return Plan.of(Change.updateStatus(kind.type(), set, told, reason));
  }
}
