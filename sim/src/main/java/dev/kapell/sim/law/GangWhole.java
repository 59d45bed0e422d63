package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.sim.story.Moment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pods of a gang get their nodes all or none: none is bound before all are there, also when
 * some come in the place of others, and in the end not only some of them have a node. What was
 * whole once may lose members.
 */
final class GangWhole implements Law {
  private final Set<ObjectKey> whole = new HashSet<>();
  private final Window<ObjectKey> lost = new Window<>();

  @Override
  public void at(Moment moment, Scene scene) {
    moment
        .before(Pod.class)
        .filter(
            pod ->
                GangFacts.isIn(pod) && moment.after(Pod.class).filter(GangFacts::counts).isEmpty())
        .ifPresent(pod -> lost.add(scene.now(), GangFacts.gang(pod)));
    if (!Bindings.isBinding(moment)) {
      return;
    }
    Pod pod = moment.after(Pod.class).orElseThrow();
    if (!GangFacts.isIn(pod)) {
      return;
    }
    ObjectKey gang = GangFacts.gang(pod);
    List<Pod> members = GangFacts.members(scene.picture(), gang);
    int size = Integer.parseInt(pod.metadata().annotations().get(BatchMarks.GANG_SIZE));
    long lostMeanwhile = lost.since(scene.now().minus(scene.slack())).filter(gang::equals).count();
    if (members.size() + lostMeanwhile < size) {
      scene.broken(
          this,
          "pod " + moment.key() + " is bound, its gang has " + members.size() + " of " + size);
    }
    if (members.stream().noneMatch(GangWhole::isUnbound)) {
      whole.add(gang);
    }
  }

  private static boolean isUnbound(Pod pod) {
    return pod.spec().nodeNameOr("").isEmpty();
  }

  @Override
  public void atRest(Scene scene) {
    Set<ObjectKey> gangs = new TreeSet<>();
    scene.picture().all(Types.POD).stream()
        .filter(GangFacts::isIn)
        .forEach(p -> gangs.add(GangFacts.gang(p)));
    gangs.removeAll(whole);
    for (ObjectKey gang : gangs) {
      List<Pod> members = GangFacts.members(scene.picture(), gang);
      long unbound = members.stream().filter(GangWhole::isUnbound).count();
      if (unbound > 0 && unbound < members.size()) {
        scene.broken(
            this, unbound + " of " + members.size() + " pods of gang " + gang + " have no node");
      }
    }
  }
}
