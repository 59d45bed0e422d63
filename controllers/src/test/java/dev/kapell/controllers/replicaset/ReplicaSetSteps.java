package dev.kapell.controllers.replicaset;

import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.controllers.world.World;
import java.util.List;
import java.util.Optional;

/** Lets tests of other packages run the ReplicaSet's decision. */
public final class ReplicaSetSteps {
  private ReplicaSetSteps() {}

  /** One decision about one ReplicaSet, applied. */
  public static void step(World world, ReplicaSet set) {
    world.apply(
        ReplicaLoop.decideFor(
            new ReplicaSetController(),
            new ReplicaLoop.Seen<>(set, world.pods(), List.of(), Optional.empty()),
            world.now()));
  }
}
