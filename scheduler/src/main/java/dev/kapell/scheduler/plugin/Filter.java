package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;
import java.util.Optional;

/** Says which nodes a demand cannot go to, and why. Stateless. */
public interface Filter {
  /** Kubernetes' name of the plugin that it is a part of. */
  String name();

  /** Looks at everything that is the same for all nodes. */
  Check prepare(Demand demand, View view);

  /** Whether a node that this refuses may be made to fit by removing pods from it. */
  boolean isHelpedByPreemption();

  /**
   * Whether the answer for a node depends only on that node, the pods on it and the shape of the
   * demand, so that it holds until the row changes.
   */
  default boolean isLocal() {
    return true;
  }

  /** Whether a demand that this refused may fit after such an event. */
  boolean isHelpedBy(Event event, Demand demand, View view);

  /** The answers for one demand. */
  @FunctionalInterface
  interface Check {
    /** Lets everything pass. */
    Check PASS = row -> List.of();

    /** Why the node of this row does not fit, in Kubernetes' words; empty when it does. */
    List<String> reasons(int row);

    /**
     * Those of some rows that it does not refuse.
     *
     * @param block which {@link Cluster#BLOCK} rows
     * @param among the rows that are asked about, a bit for each, the lowest for the first
     */
    default int fitting(int block, int among) {
      int fitting = among;
      for (int left = among; left != 0; left &= left - 1) {
        int place = Integer.numberOfTrailingZeros(left);
        if (!reasons(block * Cluster.BLOCK + place).isEmpty()) {
          fitting &= ~(1 << place);
        }
      }
      return fitting;
    }

    /** Refuses every node, because of the pod itself. */
    static Check hopeless(String reason) {
      return new Check() {
        @Override
        public List<String> reasons(int row) {
          return List.of(reason);
        }

        @Override
        public Optional<String> hopeless() {
          return Optional.of(reason);
        }
      };
    }

    /** Why no node at all can fit. */
    default Optional<String> hopeless() {
      return Optional.empty();
    }
  }
}
