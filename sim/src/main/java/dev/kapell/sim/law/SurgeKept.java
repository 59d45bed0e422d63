package dev.kapell.sim.law;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.sim.story.Moment;
import java.util.Optional;

/** A deployment never wants more pods than its replicas and its surge. */
final class SurgeKept implements Law {
  private final RolloutBudgets budgets = new RolloutBudgets();

  @Override
  public void at(Moment moment, Scene scene) {
    budgets.at(moment, scene);
    Optional<ReplicaSet> set = moment.after(ReplicaSet.class);
    int before = moment.before(ReplicaSet.class).map(s -> s.spec().replicasOr(1)).orElse(0);
    if (set.isPresent() && moment.isByControlPlane() && set.get().spec().replicasOr(1) > before) {
      Facts.deployment(scene.picture(), set.get()).ifPresent(d -> check(d, scene));
    }
  }

  private void check(Deployment deployment, Scene scene) {
    int wanted =
        Facts.sets(scene.picture(), deployment).stream()
            .filter(set -> !Facts.isDeleting(set))
            .mapToInt(set -> set.spec().replicasOr(1))
            .sum();
    int most =
        budgets
            .believed(deployment, scene)
            .mapToInt(RolloutBudget::most)
            .max()
            .orElse(Integer.MAX_VALUE);
    if (wanted > most) {
      scene.broken(
          this,
          "deployment "
              + deployment.metadata().name()
              + " wants "
              + wanted
              + " pods, at most "
              + most);
    }
  }
}
