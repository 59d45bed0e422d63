package dev.kapell.sim.law;

import dev.kapell.api.IntOrString;
import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.DeploymentStrategy;
import dev.kapell.api.apps.v1.RollingUpdateDeployment;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment allows (reference: Deployments, Rolling Update): the most pods that may be
 * wanted at a time, and the fewest that have to serve.
 */
record RolloutBudget(int most, int fewest) {
  static RolloutBudget of(Deployment deployment) {
    int replicas = deployment.spec().replicasOr(1);
    DeploymentStrategy strategy = deployment.spec().strategyOr(DeploymentStrategy.EMPTY);
    if (strategy.typeOr("RollingUpdate").equals("Recreate")) {
      return new RolloutBudget(replicas, 0);
    }
    RollingUpdateDeployment rolling = strategy.rollingUpdateOr(RollingUpdateDeployment.EMPTY);
    int surge = share(rolling.maxSurge(), replicas, true);
    int unavailable = share(rolling.maxUnavailable(), replicas, false);
    if (surge == 0 && unavailable == 0) {
      unavailable = 1;
    }
    return new RolloutBudget(replicas + surge, Math.max(0, replicas - unavailable));
  }

  private static int share(@Nullable IntOrString share, int replicas, boolean up) {
    return share == null
        ? (up ? Math.ceilDiv(replicas, 4) : replicas / 4)
        : share.scaled(replicas, up);
  }
}
