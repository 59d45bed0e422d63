package dev.kapell.controllers.replicaset;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ReplicationController;
import dev.kapell.api.core.v1.ReplicationControllerCondition;
import dev.kapell.api.core.v1.ReplicationControllerSpec;
import dev.kapell.api.core.v1.ReplicationControllerStatus;
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

/** Keeps {@code spec.replicas} pods of each ReplicationController. */
public final class ReplicationControllerController
    implements Planner<ObjectKey, ReplicationControllerController.Seen> {
  /** A ReplicationController and the pods that it manages or might adopt. */
  record Seen(ReplicationController set, List<Pod> pods) {}

  private final Cache<ReplicationController> sets;
  private final PodWatch<ReplicationController> pods;

  private ReplicationControllerController(LoopContext context) {
    this.sets = context.caches().of(Types.REPLICATION_CONTROLLER);
    this.pods =
        new PodWatch<>(
            context,
            sets,
            (set, pod) ->
                !set.spec().selector().isEmpty()
                    && Selectors.includes(pod.metadata().labels(), set.spec().selector()));
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    ReplicationControllerController controller = new ReplicationControllerController(context);
    ControlLoop<ObjectKey> loop = context.planned("replicationcontroller", controller);
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
    ReplicationController set = seen.set();
    Replicas.Decision decision = replicas(set).decide(seen.pods(), now);
    Plan.Builder plan = new Plan.Builder().addAll(decision.changes());
    decision.again().ifPresent(plan::againAfter);
    ReplicationController told = set.withStatus(status(set, decision.counts(), Optional.empty()));
    return plan.add(Change.updateStatus(Types.REPLICATION_CONTROLLER, set, told, "pods counted"))
        .build();
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
    ReplicationController set = seen.set();
    ReplicationControllerCondition failure =
        ReplicationControllerCondition.builder()
            .type("ReplicaFailure")
            .status("True")
            .reason(reason)
            .message(why.getMessage())
            .lastTransitionTime(now)
            .build();
    Replicas.Counts counts = replicas(set).decide(seen.pods(), now).counts();
    ReplicationController told = set.withStatus(status(set, counts, Optional.of(failure)));
    return Plan.of(Change.updateStatus(Types.REPLICATION_CONTROLLER, set, told, reason));
  }

  private static Replicas replicas(ReplicationController set) {
    ReplicationControllerSpec spec = set.spec();
    return new Replicas(
        set,
        spec.replicasOr(1),
        LabelSelector.builder().matchLabels(spec.selector()).build(),
        Objects.requireNonNullElse(spec.template(), PodTemplateSpec.EMPTY),
        spec.minReadySecondsOr(0));
  }

  private static ReplicationControllerStatus status(
      ReplicationController set,
      Replicas.Counts counts,
      Optional<ReplicationControllerCondition> failure) {
    List<ReplicationControllerCondition> conditions = new ArrayList<>();
    for (ReplicationControllerCondition known : set.status().conditions()) {
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
        .withObservedGeneration(set.metadata().generation())
        .withConditions(conditions);
  }

  /** The API writes these only when they are not 0. */
  private static @Nullable Integer zeroAsAbsent(int count) {
    return count == 0 ? null : count;
  }
}
