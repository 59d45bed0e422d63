package dev.kapell.controllers.deployment;

import dev.kapell.api.apps.v1.DeploymentCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Deployment's conditions, by type. Pure. */
final class Conditions {
  static final String AVAILABLE = "Available";
  static final String PROGRESSING = "Progressing";
  static final String REPLICA_FAILURE = "ReplicaFailure";

  private Conditions() {}

  static Optional<DeploymentCondition> find(List<DeploymentCondition> conditions, String type) {
    return conditions.stream().filter(c -> c.typeOr("").equals(type)).findFirst();
  }

  static DeploymentCondition of(
      String type, boolean holds, String reason, String message, Instant now) {
    return DeploymentCondition.builder()
        .type(type)
        .status(holds ? "True" : "False")
        .reason(reason)
        .message(message)
        .lastUpdateTime(now)
        .lastTransitionTime(now)
        .build();
  }

  /**
   * With {@code next} in place of the one of its type; nothing changes when status and reason are
   * the same, and the transition time only changes with the status.
   */
  static List<DeploymentCondition> with(
      List<DeploymentCondition> conditions, DeploymentCondition next) {
    Optional<DeploymentCondition> known = find(conditions, next.typeOr(""));
    if (known.isPresent()
        && known.get().statusOr("").equals(next.statusOr(""))
        && known.get().reasonOr("").equals(next.reasonOr(""))) {
      return conditions;
    }
    return replaced(conditions, next);
  }

  /** The same, but told anew even when status and reason are the same: there was progress. */
  static List<DeploymentCondition> refreshed(
      List<DeploymentCondition> conditions, DeploymentCondition next) {
    return replaced(conditions, next);
  }

  static List<DeploymentCondition> without(List<DeploymentCondition> conditions, String type) {
    return conditions.stream().filter(c -> !c.typeOr("").equals(type)).toList();
  }

  private static List<DeploymentCondition> replaced(
      List<DeploymentCondition> conditions, DeploymentCondition next) {
    Optional<DeploymentCondition> known = find(conditions, next.typeOr(""));
    DeploymentCondition kept = next;
    if (known.isPresent() && known.get().statusOr("").equals(next.statusOr(""))) {
      kept = next.withLastTransitionTime(known.get().lastTransitionTime());
    }
    List<DeploymentCondition> result = new ArrayList<>(without(conditions, next.typeOr("")));
    result.add(kept);
    return result;
  }
}
