package dev.kapell.sim.law;

import dev.kapell.api.apps.v1.Deployment;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.sim.story.Moment;
import dev.kapell.sim.story.Writer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A controller never takes a serving pod of a deployment away when fewer would be left than have to
 * serve. Pods that others took meanwhile (nodes, evictions) are not held against it.
 */
final class AvailabilityKept implements Law {
  private final RolloutBudgets budgets = new RolloutBudgets();
  private final Map<String, Window<String>> lost = new HashMap<>();

  @Override
  public void at(Moment moment, Scene scene) {
    budgets.at(moment, scene);
    Optional<Pod> before = moment.before(Pod.class).filter(Facts::isServing);
    boolean stillServes = moment.after(Pod.class).map(Facts::isServing).orElse(false);
    if (before.isEmpty() || stillServes) {
      return;
    }
    Optional<Deployment> deployment = Facts.deployment(scene.picture(), before.get());
    if (deployment.isEmpty() || Facts.isDeleting(deployment.get())) {
      return;
    }
    if (moment.isBy(Writer.REPLICA_SETS)) {
      check(deployment.get(), before.get(), scene);
    } else {
      lost.computeIfAbsent(Facts.uid(deployment.get()), _ -> new Window<>())
          .add(scene.now(), Facts.uid(before.get()));
    }
  }

  private void check(Deployment deployment, Pod taken, Scene scene) {
    String uid = Facts.uid(deployment);
    Duration from = scene.now().minus(scene.slack());
    int fewest =
        budgets.believed(deployment, scene).mapToInt(RolloutBudget::fewest).min().orElse(0);
    long serve = Facts.pods(scene.picture(), deployment).stream().filter(Facts::isServing).count();
    long lostMeanwhile = lost.getOrDefault(uid, new Window<>()).since(from).distinct().count();
    if (serve + lostMeanwhile < fewest) {
      scene.broken(
          this,
          "pod "
              + taken.metadata().name()
              + " is taken from deployment "
              + deployment.metadata().name()
              + ", "
              + serve
              + " serve on, at least "
              + fewest
              + " have to");
    }
  }
}
