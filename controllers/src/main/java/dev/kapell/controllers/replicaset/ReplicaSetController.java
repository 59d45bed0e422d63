package dev.kapell.controllers.replicaset;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.ReplicaSetCondition;
import dev.kapell.api.apps.v1.ReplicaSetSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Count;
import java.util.Objects;
import java.util.Optional;

/** Keeps {@code spec.replicas} pods of each ReplicaSet. */
public final class ReplicaSetController implements ReplicaKind<ReplicaSet> {
  private static final Failure.Conditions<ReplicaSetCondition> CONDITIONS =
      new Failure.Conditions<>(
          condition -> condition.typeOr(""),
          condition -> condition.reasonOr(""),
          failure ->
              ReplicaSetCondition.builder()
                  .type(Failure.CONDITION)
                  .status("True")
                  .reason(failure.reason())
                  .message(failure.message())
                  .lastTransitionTime(failure.since())
                  .build());

  ReplicaSetController() {}

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    return ReplicaLoop.start(new ReplicaSetController(), context, workers);
  }

  @Override
  public ResourceType<ReplicaSet> type() {
    return Types.REPLICA_SET;
  }

  @Override
  public boolean selects(ReplicaSet set, Pod pod) {
    return Selectors.matches(set.spec().selector(), pod.metadata().labels());
  }

  @Override
  public Replicas replicas(ReplicaSet set) {
    ReplicaSetSpec spec = set.spec();
    return new Replicas(
        set,
        spec.replicasOr(1),
        Objects.requireNonNullElse(spec.selector(), LabelSelector.EMPTY),
        spec.template(),
        spec.minReadySecondsOr(0));
  }

  @Override
  public ReplicaSet told(ReplicaSet set, Replicas.Counts counts, Optional<Failure> failure) {
    return set.withStatus(
        set.status()
            .withReplicas(counts.replicas())
            .withFullyLabeledReplicas(Count.orAbsent(counts.fullyLabeled()))
            .withReadyReplicas(Count.orAbsent(counts.ready()))
            .withAvailableReplicas(Count.orAbsent(counts.available()))
            .withTerminatingReplicas(counts.terminating())
            .withObservedGeneration(set.metadata().generation())
            .withConditions(CONDITIONS.telling(failure, set.status().conditions())));
  }
}
