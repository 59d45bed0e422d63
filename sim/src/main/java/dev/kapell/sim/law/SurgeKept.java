package dev.kapell.sim.law;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.sim.story.Moment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A deployment never wants more pods than its replicas and its surge. */
final class SurgeKept implements Law {
  private final Map<String, Window<RolloutBudget>> budgets = new HashMap<>();

  @Override
  public void at(Moment moment, Scene scene) {
    moment
        .after(Deployment.class)
        .ifPresent(
            d ->
                budgets
                    .computeIfAbsent(Facts.uid(d), _ -> new Window<>())
                    .add(scene.now(), RolloutBudget.of(d)));
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
    Window<RolloutBudget> window = budgets.getOrDefault(Facts.uid(deployment), new Window<>());
    int most =
        window
            .since(scene.now().minus(scene.slack()))
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
