package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.sim.story.Picture;
import java.util.List;

/** What laws want to know about gangs. Pure. */
final class GangFacts {
  private GangFacts() {}

  static boolean isIn(Pod pod) {
    return pod.metadata().annotations().containsKey(BatchMarks.GANG);
  }

  static ObjectKey gang(Pod pod) {
    return new ObjectKey(
        pod.metadata().namespaceOr(""),
        pod.metadata().annotations().getOrDefault(BatchMarks.GANG, ""));
  }

  /** It has not ended, and nobody wants its end. */
  static boolean counts(Pod pod) {
    return !Facts.isFinished(pod) && !Facts.isDeleting(pod);
  }

  /** Those of a gang that count. */
  static List<Pod> members(Picture picture, ObjectKey gang) {
    return picture.all(Types.POD).stream()
        .filter(pod -> isIn(pod) && counts(pod) && gang(pod).equals(gang))
        .toList();
  }
}
