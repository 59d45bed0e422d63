package dev.kapell.controllers.deployment;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Around;
import java.time.Instant;
import java.util.Optional;

/** The next step of a Deployment, for those who only want to know. Pure. */
public final class DeploymentRehearsal {
  private DeploymentRehearsal() {}

  /** What its controller would do. */
  public static Plan step(Deployment deployment, Around around, Instant now) {
    Optional<ReplicaSet> namesake =
        around.sets().stream()
            .filter(set -> set.metadata().nameOr("").equals(Rollout.currentName(deployment)))
            .findFirst();
    return Rollout.decide(
        new Rollout.Seen(deployment, around.sets(), around.pods(), namesake, Optional.empty()),
        now);
  }
}
