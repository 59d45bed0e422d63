package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.apps.v1.StatefulSetOrdinals;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.sim.story.Moment;
import dev.kapell.store.Event;
import java.util.List;
import java.util.Optional;

/** An ordered stateful set makes a pod only when all before it serve. */
final class OrdinalsInOrder implements Law {
  private final Window<String> lost = new Window<>();

  @Override
  public void at(Moment moment, Scene scene) {
    boolean served = moment.before(Pod.class).map(Facts::isServing).orElse(false);
    if (served && !moment.after(Pod.class).map(Facts::isServing).orElse(false)) {
      lost.add(scene.now(), moment.key().name());
    }
    Optional<Pod> made = moment.after(Pod.class);
    if (made.isEmpty() || moment.kind() != Event.Kind.CREATED) {
      return;
    }
    scene.picture().all(Types.STATEFUL_SET).stream()
        .filter(set -> Facts.uid(set).equals(Facts.manager(made.get())))
        .filter(set -> !set.spec().podManagementPolicyOr("").equals("Parallel"))
        .findFirst()
        .ifPresent(set -> check(set, made.get(), scene));
  }

  private void check(StatefulSet set, Pod made, Scene scene) {
    List<String> lostMeanwhile = lost.since(scene.now().minus(scene.slack())).toList();
    int start = set.spec().ordinalsOr(StatefulSetOrdinals.EMPTY).startOr(0);
    int ordinal = ordinal(made);
    for (int i = start; i < ordinal; i++) {
      String name = set.metadata().nameOr("") + "-" + i;
      boolean serves =
          Facts.pods(scene.picture(), set).stream()
              .anyMatch(pod -> pod.metadata().nameOr("").equals(name) && Facts.isServing(pod));
      if (!serves && !lostMeanwhile.contains(name)) {
        scene.broken(
            this, "pod " + made.metadata().name() + " is made, but " + name + " does not serve");
        return;
      }
    }
  }

  private static int ordinal(Pod pod) {
    String name = pod.metadata().nameOr("");
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }
}
