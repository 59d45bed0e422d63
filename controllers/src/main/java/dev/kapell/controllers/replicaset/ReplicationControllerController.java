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

/** Keeps {@code spec.replicas} pods of each ReplicationController. */
public final class ReplicationControllerController implements ReplicaKind<ReplicationController> {
  private static final Failure.Conditions<ReplicationControllerCondition> FAILURES =
      new Failure.Conditions<>(
          c -> c.typeOr(""),
          c -> c.reasonOr(""),
          failure ->
              condition(Failure.CONDITION, failure.reason(), failure.message(), failure.since()));

  private static final Notices<ReplicationControllerCondition> NOTICES =
      new Notices<>(
          c -> c.typeOr(""),
          c -> c.reasonOr(""),
          (notice, now) -> condition(notice.type(), notice.reason(), notice.message(), now));

  private static ReplicationControllerCondition condition(
      String type, String reason, String message, Instant since) {
    return ReplicationControllerCondition.builder()
        .type(type)
        .status("True")
        .reason(reason)
        .message(message)
        .lastTransitionTime(since)
        .build();
  }

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
  public List<Change> events(ReplicationController set, List<Notice> notices) {
    return NOTICES.news(set, notices, set.status().conditions());
  }

  @Override
  public ReplicationController told(ReplicationController set, News news) {
    Replicas.Counts counts = news.counts();
    List<ReplicationControllerCondition> conditions =
        FAILURES.telling(news.failure(), set.status().conditions());
    return set.withStatus(
        set.status()
            .withReplicas(counts.replicas())
            .withFullyLabeledReplicas(Count.orAbsent(counts.fullyLabeled()))
            .withReadyReplicas(Count.orAbsent(counts.ready()))
            .withAvailableReplicas(Count.orAbsent(counts.available()))
            .withObservedGeneration(set.metadata().generation())
            .withConditions(NOTICES.among(conditions, news.notices(), news.now())));
  }
}
