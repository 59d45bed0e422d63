package dev.kapell.controllers.replicaset;

import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.core.v1.ReplicationController;
import dev.kapell.control.loop.Plan;
import dev.kapell.controllers.workload.Around;
import java.time.Instant;
import java.util.Optional;

/** The next step of what wants a number of pods, for those who only want to know. Pure. */
public final class ReplicaRehearsal {
  private ReplicaRehearsal() {}

  private static <T> ReplicaLoop.Seen<T> seen(T set, Around around) {
    return new ReplicaLoop.Seen<>(set, around.pods(), around.pods(), Optional.empty());
  }

  /** What its controller would do. */
  public static Plan step(ReplicaSet set, Around around, Instant now) {
    return ReplicaLoop.decideFor(new ReplicaSetController(), seen(set, around), now);
  }

  /** What its controller would do. */
  public static Plan step(ReplicationController set, Around around, Instant now) {
    return ReplicaLoop.decideFor(new ReplicationControllerController(), seen(set, around), now);
  }
}
