package dev.kapell.sim.law;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.sim.story.Moment;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What each deployment allowed lately. */
final class RolloutBudgets {
  private final Map<String, Window<RolloutBudget>> budgets = new HashMap<>();

  /** Takes note of a deployment that was written. */
  void at(Moment moment, Scene scene) {
    moment
        .after(Deployment.class)
        .ifPresent(
            d ->
                budgets
                    .computeIfAbsent(Facts.uid(d), _ -> new Window<>())
                    .add(scene.now(), RolloutBudget.of(d)));
  }

  /** Those in which somebody who is behind may still believe. */
  Stream<RolloutBudget> believed(Deployment deployment, Scene scene) {
    return budgets
        .getOrDefault(Facts.uid(deployment), new Window<>())
        .since(scene.now().minus(scene.slack()));
  }
}
