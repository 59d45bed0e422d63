package dev.kapell.controllers.deployment;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.RollingUpdateDeployment;
import dev.kapell.controllers.workload.Notice;
import dev.kapell.controllers.workload.Share;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a rollout may go from the wanted number of pods.
 *
 * @param replicas the wanted number
 * @param surge how many more there may be
 * @param unavailable how many fewer may be available
 */
record Limits(int replicas, int surge, int unavailable) {
  static Limits of(Deployment deployment) {
    int replicas = deployment.spec().replicasOr(1);
    if (!isRolling(deployment)) {
      return new Limits(replicas, 0, 0);
    }
    RollingUpdateDeployment rolling = rolling(deployment);
    if (rolling == null) {
      rolling = RollingUpdateDeployment.EMPTY;
    }
    int quarter = replicas / 4;
    int surge = Share.ceil(rolling.maxSurge(), replicas, Math.ceilDiv(replicas, 4));
    int unavailable = Share.floor(rolling.maxUnavailable(), replicas, quarter);
    if (surge == 0 && unavailable == 0) {
      // Percentages of a small number may both round to nothing; then nothing could ever move.
      unavailable = 1;
    }
    return new Limits(replicas, surge, Math.min(unavailable, replicas));
  }

  static boolean isRolling(Deployment deployment) {
    var strategy = deployment.spec().strategy();
    return strategy == null || !strategy.typeOr("RollingUpdate").equals("Recreate");
  }

  private static @Nullable RollingUpdateDeployment rolling(Deployment deployment) {
    var strategy = deployment.spec().strategy();
    return strategy == null ? null : strategy.rollingUpdate();
  }

  /** What to say when the percentages of so few replicas come to nothing. */
  static Optional<Notice> rounding(Deployment deployment) {
    int replicas = deployment.spec().replicasOr(1);
    RollingUpdateDeployment rolling = rolling(deployment);
    if (rolling == null || replicas == 0 || !isRolling(deployment)) {
      return Optional.empty();
    }
    boolean none =
        Share.ceil(rolling.maxSurge(), replicas, 1) == 0
            && Share.floor(rolling.maxUnavailable(), replicas, 1) == 0;
    return none
        ? Optional.of(
            new Notice(
                Notice.BUDGET_ROUNDED,
                "RoundsToNothing",
                "maxSurge "
                    + rolling.maxSurge()
                    + " and maxUnavailable "
                    + rolling.maxUnavailable()
                    + " of "
                    + replicas
                    + " replicas are less than one pod: one at a time is replaced"))
        : Optional.empty();
  }

  /** The most pods that there may be. */
  int most() {
    return replicas + surge;
  }

  /** The fewest pods that have to be available. */
  int fewestAvailable() {
    return replicas - unavailable;
  }
}
