package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;

/** Says how good a node is for a demand. Stateless. */
public interface Score {
  /** Looks at everything that is the same for all nodes. */
  Points prepare(Demand demand, View view);

  /** How much it counts beside others. */
  int weight();

  /** The answers for one demand. */
  @FunctionalInterface
  interface Points {
    /** Nothing to say. */
    Points NONE = row -> 0;

    /** From 0 (worst) to 100 (best). */
    double of(int row);
  }
}
