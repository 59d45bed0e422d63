package dev.kapell.controllers.replicaset;

import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.apps.v1.ReplicaSetCondition;
import dev.kapell.api.apps.v1.ReplicaSetSpec;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.match.Selectors;
import dev.kapell.controllers.workload.Count;
import dev.kapell.controllers.workload.Notice;
import dev.kapell.controllers.workload.Notices;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Keeps {@code spec.replicas} pods of each ReplicaSet. */
public final class ReplicaSetController implements ReplicaKind<ReplicaSet> {
  private static final Failure.Conditions<ReplicaSetCondition> FAILURES =
      new Failure.Conditions<>(
          c -> c.typeOr(""),
          c -> c.reasonOr(""),
          failure ->
              condition(Failure.CONDITION, failure.reason(), failure.message(), failure.since()));

  private static final Notices<ReplicaSetCondition> NOTICES =
      new Notices<>(
          c -> c.typeOr(""),
          c -> c.reasonOr(""),
          (notice, now) -> condition(notice.type(), notice.reason(), notice.message(), now));

  private static ReplicaSetCondition condition(
      String type, String reason, String message, Instant since) {
    return ReplicaSetCondition.builder()
        .type(type)
        .status("True")
        .reason(reason)
        .message(message)
        .lastTransitionTime(since)
        .build();
  }

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
  public List<Change> events(ReplicaSet set, List<Notice> notices) {
    return NOTICES.news(set, notices, set.status().conditions());
  }

  @Override
  public ReplicaSet told(ReplicaSet set, News news) {
    Replicas.Counts counts = news.counts();
    List<ReplicaSetCondition> conditions =
        FAILURES.telling(news.failure(), set.status().conditions());
    return set.withStatus(
        set.status()
            .withReplicas(counts.replicas())
            .withFullyLabeledReplicas(Count.orAbsent(counts.fullyLabeled()))
            .withReadyReplicas(Count.orAbsent(counts.ready()))
            .withAvailableReplicas(Count.orAbsent(counts.available()))
            .withTerminatingReplicas(counts.terminating())
            .withObservedGeneration(set.metadata().generation())
            .withConditions(NOTICES.among(conditions, news.notices(), news.now())));
  }
}
