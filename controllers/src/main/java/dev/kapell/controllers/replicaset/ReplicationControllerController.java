package dev.kapell.controllers.replicaset;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodTemplateSpec;
import dev.kapell.api.core.v1.ReplicationController;
import dev.kapell.api.core.v1.ReplicationControllerCondition;
import dev.kapell.api.core.v1.ReplicationControllerSpec;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Count;
import java.util.Objects;
import java.util.Optional;

/** Keeps {@code spec.replicas} pods of each ReplicationController. */
public final class ReplicationControllerController implements ReplicaKind<ReplicationController> {
  private static final Failure.Conditions<ReplicationControllerCondition> CONDITIONS =
      new Failure.Conditions<>(
          condition -> condition.typeOr(""),
          condition -> condition.reasonOr(""),
          failure ->
              ReplicationControllerCondition.builder()
                  .type(Failure.CONDITION)
                  .status("True")
                  .reason(failure.reason())
                  .message(failure.message())
                  .lastTransitionTime(failure.since())
                  .build());

  ReplicationControllerController() {}

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    return ReplicaLoop.start(new ReplicationControllerController(), context, workers);
  }

  @Override
  public ResourceType<ReplicationController> type() {
    return Types.REPLICATION_CONTROLLER;
  }

  @Override
  public boolean selects(ReplicationController set, Pod pod) {
    return !set.spec().selector().isEmpty()
        && Selectors.includes(pod.metadata().labels(), set.spec().selector());
  }

  @Override
  public Replicas replicas(ReplicationController set) {
    ReplicationControllerSpec spec = set.spec();
    return new Replicas(
        set,
        spec.replicasOr(1),
        LabelSelector.builder().matchLabels(spec.selector()).build(),
        Objects.requireNonNullElse(spec.template(), PodTemplateSpec.EMPTY),
        spec.minReadySecondsOr(0));
  }

  @Override
  public ReplicationController told(
      ReplicationController set, Replicas.Counts counts, Optional<Failure> failure) {
    return set.withStatus(
        set.status()
            .withReplicas(counts.replicas())
            .withFullyLabeledReplicas(Count.orAbsent(counts.fullyLabeled()))
            .withReadyReplicas(Count.orAbsent(counts.ready()))
            .withAvailableReplicas(Count.orAbsent(counts.available()))
            .withObservedGeneration(set.metadata().generation())
            .withConditions(CONDITIONS.telling(failure, set.status().conditions())));
  }
}
