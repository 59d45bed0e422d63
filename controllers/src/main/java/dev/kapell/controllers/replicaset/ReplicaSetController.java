package dev.kapell.controllers.replicaset;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.ReplicaSetCondition;
import dev.kapell.api.apps.v1.ReplicaSetSpec;
import dev.kapell.api.apps.v1.ReplicaSetStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.PodWatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps {@code spec.replicas} pods of each ReplicaSet. */
public final class ReplicaSetController implements Planner<ObjectKey, ReplicaSetController.Seen> {
  /** A ReplicaSet and the pods that it manages or might adopt. */
  record Seen(ReplicaSet set, List<Pod> pods) {}

  private final Cache<ReplicaSet> sets;
  private final PodWatch<ReplicaSet> pods;

  private ReplicaSetController(LoopContext context) {
    this.sets = context.caches().of(Types.REPLICA_SET);
    this.pods =
        new PodWatch<>(
            context,
            sets,
            (set, pod) -> Selectors.matches(set.spec().selector(), pod.metadata().labels()));
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    ReplicaSetController controller = new ReplicaSetController(context);
    ControlLoop<ObjectKey> loop = context.planned("replicaset", controller);
    controller.pods.feed(loop);
    return loop.start(workers);
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    return sets.find(key).map(set -> new Seen(set, pods.candidates(set)));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return decideFor(seen, now);
  }

  /** Pods first, then the status. */
  static Plan decideFor(Seen seen, Instant now) {
    ReplicaSet set = seen.set();
    Replicas.Decision decision = replicas(set).decide(seen.pods(), now);
    Plan.Builder plan = new Plan.Builder().addAll(decision.changes());
    decision.again().ifPresent(plan::againAfter);
    ReplicaSet told = set.withStatus(status(set, decision.counts(), Optional.empty()));
    return plan.add(Change.updateStatus(Types.REPLICA_SET, set, told, "pods counted")).build();
  }

  @Override
  public Plan refused(Seen seen, Change change, ApiFailure why, Instant now) {
    String reason =
        switch (change) {
          case Change.Create<?> c -> "FailedCreate";
          case Change.Delete<?> d -> "FailedDelete";
          default -> "";
        };
    if (reason.isEmpty() || why.isConflict()) {
      return Plan.NOTHING;
    }
    ReplicaSet set = seen.set();
    ReplicaSetCondition failure =
        ReplicaSetCondition.builder()
            .type("ReplicaFailure")
            .status("True")
            .reason(reason)
            .message(why.getMessage())
            .lastTransitionTime(now)
            .build();
    Replicas.Counts counts = replicas(set).decide(seen.pods(), now).counts();
    ReplicaSet told = set.withStatus(status(set, counts, Optional.of(failure)));
    return Plan.of(Change.updateStatus(Types.REPLICA_SET, set, told, reason));
  }

  private static Replicas replicas(ReplicaSet set) {
    ReplicaSetSpec spec = set.spec();
    return new Replicas(
        set,
        spec.replicasOr(1),
        Objects.requireNonNullElse(spec.selector(), LabelSelector.EMPTY),
        spec.template(),
        spec.minReadySecondsOr(0));
  }

  private static ReplicaSetStatus status(
      ReplicaSet set, Replicas.Counts counts, Optional<ReplicaSetCondition> failure) {
    List<ReplicaSetCondition> conditions = new ArrayList<>();
    for (ReplicaSetCondition known : set.status().conditions()) {
      if (!known.typeOr("").equals("ReplicaFailure")) {
        conditions.add(known);
      } else if (failure.isPresent() && known.reasonOr("").equals(failure.get().reasonOr(""))) {
        conditions.add(known);
        failure = Optional.empty();
      }
    }
    failure.ifPresent(conditions::add);
    return set.status()
        .withReplicas(counts.replicas())
        .withFullyLabeledReplicas(zeroAsAbsent(counts.fullyLabeled()))
        .withReadyReplicas(zeroAsAbsent(counts.ready()))
        .withAvailableReplicas(zeroAsAbsent(counts.available()))
        .withTerminatingReplicas(counts.terminating())
        .withObservedGeneration(set.metadata().generation())
        .withConditions(conditions);
  }

  /** The API writes these only when they are not 0. */
  private static @Nullable Integer zeroAsAbsent(int count) {
    return count == 0 ? null : count;
  }
}
