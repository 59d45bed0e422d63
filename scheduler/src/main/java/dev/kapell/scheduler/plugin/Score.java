package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;

/** Says how good a node is for a demand. Stateless. */
public interface Score {
  /** Kubernetes' name of the plugin that it is a part of. */
  String name();

  /** Looks at everything that is the same for all nodes. */
  Points prepare(Demand demand, View view);

  /** How much it counts beside others. */
  int weight();

  /** As {@link Filter#isLocal}; then there is nothing to scale. */
  default boolean isLocal() {
    return true;
  }

  /** The answers for one demand. */
  @FunctionalInterface
  interface Points {
    /** Nothing to say. */
    Points NONE = row -> 0;

    /** From 0 to 100, more is better; or anything, if {@link #scale} brings it there. */
    double of(int row);

    /** Brings the first {@code count} values, of all nodes that fit, to 0 to 100. */
    default void scale(double[] values, int count) {}
  }
}
