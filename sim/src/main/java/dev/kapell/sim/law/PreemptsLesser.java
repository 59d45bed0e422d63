package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.sim.story.Moment;
import dev.kapell.sim.story.Writer;
import java.util.stream.Stream;

/** The scheduler removes a pod only for a more important one, or for one of another queue. */
final class PreemptsLesser implements Law {
  private final Window<Pod> waited = new Window<>();

  @Override
  public void at(Moment moment, Scene scene) {
    moment
        .before(Pod.class)
        .filter(PreemptsLesser::waits)
        .filter(pod -> moment.after(Pod.class).filter(PreemptsLesser::waits).isEmpty())
        .ifPresent(pod -> waited.add(scene.now(), pod));
    boolean asked = moment.before(Pod.class).filter(p -> !Facts.isDeleting(p)).isPresent();
    boolean goes = moment.after(Pod.class).map(Facts::isDeleting).orElse(true);
    if (!moment.isBy(Writer.SCHEDULER) || !asked || !goes) {
      return;
    }
    Pod victim = moment.before(Pod.class).orElseThrow();
    Stream<Pod> winners =
        Stream.concat(
            scene.picture().all(Types.POD).stream().filter(PreemptsLesser::waits),
            waited.since(scene.now().minus(scene.slack())));
    if (winners.noneMatch(winner -> mayReplace(winner, victim))) {
      scene.broken(this, "pod " + moment.key() + " is removed, and no other has a right to that");
    }
  }

  private static boolean waits(Pod pod) {
    return pod.spec().nodeNameOr("").isEmpty() && !Facts.isDeleting(pod);
  }

  private static boolean mayReplace(Pod winner, Pod victim) {
    boolean isApart = !queue(winner).isEmpty() && !queue(winner).equals(queue(victim));
    return winner.spec().priorityOr(0) > victim.spec().priorityOr(0)
        || (isApart && !queue(victim).isEmpty());
  }

  private static String queue(Pod pod) {
    return pod.metadata().labels().getOrDefault(BatchMarks.QUEUE, "");
  }
}
