package dev.kapell.controllers.daemonset;

import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Around;
import dev.kapell.controllers.workload.Owners;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The next step of a DaemonSet, for those who only want to know. Pure. */
public final class DaemonSetRehearsal {
  private DaemonSetRehearsal() {}

  /** What its controller would do. */
  public static Plan step(DaemonSet set, Around around, Instant now) {
    return Daemons.decide(
        new Daemons.Seen(
            set,
            around.pods(),
            around.nodes(),
            around.revisions().stream().filter(r -> Owners.isManagedBy(r, set)).toList(),
            false,
            Map.of(),
            Optional.empty()),
        now);
  }
}
