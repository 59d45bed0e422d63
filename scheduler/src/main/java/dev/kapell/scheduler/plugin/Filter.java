package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;
import java.util.List;
import java.util.Optional;

/** Says which nodes a demand cannot go to, and why. Stateless. */
public interface Filter {
  /** Looks at everything that is the same for all nodes. */
  Check prepare(Demand demand, View view);

  /** Whether a node that this refuses may be made to fit by removing pods from it. */
  boolean isHelpedByPreemption();

  /** The answers for one demand. */
  @FunctionalInterface
  interface Check {
    /** Lets everything pass. */
    Check PASS = row -> List.of();

    /** Why the node of this row does not fit, in Kubernetes' words; empty when it does. */
    List<String> reasons(int row);

    /** Why no node at all can fit. */
    default Optional<String> hopeless() {
      return Optional.empty();
    }
  }
}
