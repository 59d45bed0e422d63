package dev.kapell.controllers.deployment;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentCondition;
import dev.kapell.api.apps.v1.DeploymentStatus;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.controllers.workload.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * How far a rollout is: the counts, and the conditions Available, Progressing and ReplicaFailure
 * with the reasons of the reference. Pure.
 *
 * <pre>
 *   NewReplicaSetCreated ─▶ ReplicaSetUpdated* ─▶ NewReplicaSetAvailable
 *                                  └─ deadline ─▶ ProgressDeadlineExceeded ─(progress)─▶ …
 * </pre>
 */
final class Progress {
  private static final int NO_DEADLINE = Integer.MAX_VALUE;

  private Progress() {}

  /** The status as it is to be told now. */
  static DeploymentStatus status(Fleet fleet, Limits limits, Instant now) {
    DeploymentStatus counted = counted(fleet, limits, now);
    Deployment deployment = fleet.deployment();
    List<DeploymentCondition> conditions = counted.conditions();
    if (deployment.spec().pausedOr(false) || deadline(deployment) == NO_DEADLINE) {
      if (deadline(deployment) == NO_DEADLINE) {
        conditions = Conditions.without(conditions, Conditions.PROGRESSING);
      }
    } else {
      conditions = progressing(fleet, counted, now);
    }
    return counted.withConditions(withFailure(fleet, conditions));
  }

  /** When to look again because the deadline passes; empty when it cannot. */
  static Optional<Duration> untilDeadline(
      Deployment deployment, DeploymentStatus told, Instant now) {
    int deadline = deadline(deployment);
    Optional<DeploymentCondition> condition =
        Conditions.find(told.conditions(), Conditions.PROGRESSING);
    boolean settled =
        condition
            .map(c -> c.reasonOr(""))
            .map(r -> r.equals("NewReplicaSetAvailable") || r.equals("ProgressDeadlineExceeded"))
            .orElse(true);
    if (deadline == NO_DEADLINE || settled || deployment.spec().pausedOr(false)) {
      return Optional.empty();
    }
    Instant due = condition.orElseThrow().lastUpdateTimeOr(now).plusSeconds(deadline + 1L);
    return Optional.of(Duration.between(now, due)).filter(Duration::isPositive);
  }

  /** All pods are of the current template, available, and no old one is left. */
  static boolean isComplete(Deployment deployment, DeploymentStatus status) {
    int replicas = deployment.spec().replicasOr(1);
    return status.updatedReplicasOr(0) == replicas
        && status.replicasOr(0) == replicas
        && status.availableReplicasOr(0) == replicas
        && status.observedGenerationOr(0L) >= deployment.metadata().generationOr(0L);
  }

  private static DeploymentStatus counted(Fleet fleet, Limits limits, Instant now) {
    Deployment deployment = fleet.deployment();
    int available = fleet.availablePods();
    boolean enough = available >= limits.fewestAvailable();
    DeploymentCondition condition =
        Conditions.of(
            Conditions.AVAILABLE,
            enough,
            enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough
                ? "Deployment has minimum availability."
                : "Deployment does not have minimum availability.",
            now);
    return deployment
        .status()
        .withObservedGeneration(deployment.metadata().generation())
        .withReplicas(Count.orAbsent(sum(fleet.all(), set -> set.status().replicasOr(0))))
        .withUpdatedReplicas(
            Count.orAbsent(fleet.current().map(s -> s.status().replicasOr(0)).orElse(0)))
        .withReadyReplicas(Count.orAbsent(sum(fleet.all(), set -> set.status().readyReplicasOr(0))))
        .withAvailableReplicas(Count.orAbsent(available))
        .withUnavailableReplicas(Count.orAbsent(Math.max(0, fleet.wantedPods() - available)))
        .withTerminatingReplicas(sum(fleet.all(), s -> s.status().terminatingReplicasOr(0)))
        .withConditions(Conditions.with(deployment.status().conditions(), condition));
  }

  private static List<DeploymentCondition> progressing(
      Fleet fleet, DeploymentStatus counted, Instant now) {
    Deployment deployment = fleet.deployment();
    List<DeploymentCondition> conditions = counted.conditions();
    Optional<DeploymentCondition> known = Conditions.find(conditions, Conditions.PROGRESSING);
    String reason = known.map(c -> c.reasonOr("")).orElse("");
    boolean settled =
        counted.replicasOr(0).equals(counted.updatedReplicasOr(0))
            && reason.equals("NewReplicaSetAvailable");
    if (settled) {
      return conditions;
    }
    String subject =
        fleet
            .current()
            .map(set -> "ReplicaSet \"" + set.metadata().nameOr("") + "\"")
            .orElse("Deployment \"" + deployment.metadata().nameOr("") + "\"");
    if (isComplete(deployment, counted)) {
      return Conditions.with(
          conditions,
          condition(
              true, "NewReplicaSetAvailable", subject + " has successfully progressed.", now));
    }
    if (hasProgressed(deployment, counted)) {
      return Conditions.refreshed(
          conditions, condition(true, "ReplicaSetUpdated", subject + " is progressing.", now));
    }
    if (isTimedOut(deployment, known, now)) {
      return Conditions.with(
          conditions,
          condition(
              false, "ProgressDeadlineExceeded", subject + " has timed out progressing.", now));
    }
    return conditions;
  }

  private static boolean hasProgressed(Deployment deployment, DeploymentStatus next) {
    DeploymentStatus before = deployment.status();
    int oldBefore = before.replicasOr(0) - before.updatedReplicasOr(0);
    int oldNow = next.replicasOr(0) - next.updatedReplicasOr(0);
    return next.updatedReplicasOr(0) > before.updatedReplicasOr(0)
        || oldNow < oldBefore
        || next.readyReplicasOr(0) > before.readyReplicasOr(0)
        || next.availableReplicasOr(0) > before.availableReplicasOr(0);
  }

  private static boolean isTimedOut(
      Deployment deployment, Optional<DeploymentCondition> known, Instant now) {
    if (known.isEmpty() || known.get().reasonOr("").equals("NewReplicaSetAvailable")) {
      return false;
    }
    Instant since = known.get().lastUpdateTimeOr(now);
    return known.get().reasonOr("").equals("ProgressDeadlineExceeded")
        || since.plusSeconds(deadline(deployment)).isBefore(now);
  }

  /** A failure of the current ReplicaSet is one of the Deployment; else one of the old ones. */
  private static List<DeploymentCondition> withFailure(
      Fleet fleet, List<DeploymentCondition> conditions) {
    List<ReplicaSet> sets = fleet.current().map(List::of).orElse(fleet.old());
    for (ReplicaSet set : sets) {
      for (var failure : set.status().conditions()) {
        if (failure.typeOr("").equals(Conditions.REPLICA_FAILURE)) {
          DeploymentCondition copied =
              Conditions.of(
                  Conditions.REPLICA_FAILURE,
                  failure.statusOr("").equals("True"),
                  failure.reasonOr(""),
                  failure.messageOr(""),
                  failure.lastTransitionTimeOr(Instant.EPOCH));
          return Conditions.with(conditions, copied);
        }
      }
    }
    return Conditions.without(conditions, Conditions.REPLICA_FAILURE);
  }

  private static DeploymentCondition condition(
      boolean holds, String reason, String message, Instant now) {
    return Conditions.of(Conditions.PROGRESSING, holds, reason, message, now);
  }

  private static int deadline(Deployment deployment) {
    return deployment.spec().progressDeadlineSecondsOr(NO_DEADLINE);
  }

  private static int sum(List<ReplicaSet> sets, ToIntFunction<ReplicaSet> count) {
    return sets.stream().mapToInt(count).sum();
  }
}
