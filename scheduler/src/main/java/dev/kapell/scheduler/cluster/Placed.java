package dev.kapell.scheduler.cluster;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.demand.Demand;

/**
 * A pod that takes up room on a node.
 *
 * @param row the node's row
 * @param confirmed false while its binding is under way
 */
public record Placed(Pod pod, Demand demand, int row, boolean confirmed) {
  /** The pod's identity. */
  public String uid() {
    return pod.metadata().uidOr("");
  }

  /** Whether it is being deleted. */
  public boolean isLeaving() {
    return pod.metadata().deletionTimestamp() != null;
  }
}
