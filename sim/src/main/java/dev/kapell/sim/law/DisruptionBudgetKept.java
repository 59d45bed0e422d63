package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.control.match.Selectors;
import dev.kapell.sim.story.Moment;
import dev.kapell.sim.story.Writer;
import java.time.Duration;
import java.util.Optional;

/** An eviction leaves as many healthy pods as the budget over them asks for. */
final class DisruptionBudgetKept implements Law {
  private final Window<String> lost = new Window<>();

  @Override
  public void at(Moment moment, Scene scene) {
    Optional<Pod> before = moment.before(Pod.class).filter(Facts::isServing);
    boolean stillServes = moment.after(Pod.class).map(Facts::isServing).orElse(false);
    if (before.isEmpty() || stillServes) {
      return;
    }
    if (!moment.isBy(Writer.DRAIN)) {
      lost.add(scene.now(), Facts.uid(before.get()));
      return;
    }
    scene.picture().all(Types.POD_DISRUPTION_BUDGET).stream()
        .filter(budget -> covers(budget, before.get()))
        .forEach(budget -> check(budget, before.get(), scene));
  }

  private static boolean covers(PodDisruptionBudget budget, Pod pod) {
    return budget.metadata().namespaceOr("").equals(pod.metadata().namespaceOr(""))
        && Selectors.matches(budget.spec().selector(), pod.metadata().labels());
  }

  private void check(PodDisruptionBudget budget, Pod evicted, Scene scene) {
    Duration from = scene.now().minus(scene.slack());
    long healthy =
        scene.picture().all(Types.POD).stream()
            .filter(pod -> covers(budget, pod) && Facts.isServing(pod))
            .count();
    long lostMeanwhile = lost.since(from).distinct().count();
    int desired = budget.status().desiredHealthyOr(0);
    if (healthy + lostMeanwhile < desired) {
      scene.broken(
          this,
          "pod "
              + evicted.metadata().name()
              + " is evicted, "
              + healthy
              + " healthy ones are left, "
              + budget.metadata().name()
              + " wants "
              + desired);
    }
  }
}
