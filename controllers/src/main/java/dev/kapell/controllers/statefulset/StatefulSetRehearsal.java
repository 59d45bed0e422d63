package dev.kapell.controllers.statefulset;

import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Around;
import dev.kapell.controllers.workload.Owners;
import java.time.Instant;
import java.util.Optional;

/** The next step of a StatefulSet, for those who only want to know. Pure. */
public final class StatefulSetRehearsal {
  private StatefulSetRehearsal() {}

  /** What its controller would do. */
  public static Plan step(StatefulSet set, Around around, Instant now) {
    return Ordered.decide(
        new Ordered.Seen(
            set,
            around.pods(),
            around.revisions().stream().filter(r -> Owners.isManagedBy(r, set)).toList(),
            false,
            around.claims(),
            Optional.empty()),
        now);
  }
}
