package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.sim.story.Moment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Members of a gang that wait at one time get their nodes at one time, also those that come in the
 * place of others: once one is bound, all that waited with it are bound within a while, or go.
 */
final class GangTogether implements Law {
  private static final Duration WHILE = Duration.ofSeconds(60);

  /** Younger ones may not be known to who binds. */
  private static final Duration NEWS = Duration.ofSeconds(1);

  private record Left(ObjectKey gang, Duration until) {}

  private final Map<String, Duration> seen = new HashMap<>();
  private final Map<String, Left> waiting = new HashMap<>();

  @Override
  public void at(Moment moment, Scene scene) {
    moment
        .after(Pod.class)
        .filter(GangFacts::isIn)
        .ifPresent(pod -> seen.putIfAbsent(Facts.uid(pod), scene.now()));
    moment
        .after(Pod.class)
        .or(() -> moment.before(Pod.class))
        .filter(pod -> !waits(pod) || moment.after() == null)
        .ifPresent(pod -> waiting.remove(Facts.uid(pod)));
    if (Bindings.isBinding(moment)) {
      moment.after(Pod.class).filter(GangFacts::isIn).ifPresent(pod -> bound(pod, scene));
    }
    Iterator<Map.Entry<String, Left>> each = waiting.entrySet().iterator();
    while (each.hasNext()) {
      Left left = each.next().getValue();
      if (scene.now().compareTo(left.until()) > 0) {
        each.remove();
        scene.broken(
            this, "a pod of gang " + left.gang() + " has no node, others that waited with it have");
      }
    }
  }

  private static boolean waits(Pod pod) {
    return GangFacts.counts(pod) && pod.spec().nodeNameOr("").isEmpty();
  }

  private void bound(Pod pod, Scene scene) {
    ObjectKey gang = GangFacts.gang(pod);
    Duration young = scene.now().minus(scene.slack()).minus(NEWS);
    scene.picture().all(Types.POD).stream()
        .filter(other -> GangFacts.isIn(other) && waits(other))
        .filter(other -> GangFacts.gang(other).equals(gang))
        .map(Facts::uid)
        .filter(uid -> seen.getOrDefault(uid, scene.now()).compareTo(young) < 0)
        .forEach(
            uid ->
                waiting.putIfAbsent(
                    uid, new Left(gang, scene.now().plus(WHILE).plus(scene.slack()))));
  }
}
