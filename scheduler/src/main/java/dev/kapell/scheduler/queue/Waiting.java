package dev.kapell.scheduler.queue;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.demand.Demand;

/**
 * A pod without a node.
 *
 * @param sinceNanos when it was first seen, by the clock's nanoseconds
 * @param attempts how often no node was found
 * @param readyNanos when it may be tried again
 * @param refusers a bit for each filter that refused some node; all of them when it is not known
 */
public record Waiting(
    Pod pod, Demand demand, long sinceNanos, int attempts, long readyNanos, long refusers) {
  /** The same pod as it is now. */
  Waiting with(Pod newer, Demand newDemand) {
    return new Waiting(newer, newDemand, sinceNanos, attempts, readyNanos, refusers);
  }

  /** The same after one more try without success. */
  Waiting tried(long newReadyNanos, long newRefusers) {
    return new Waiting(pod, demand, sinceNanos, attempts + 1, newReadyNanos, newRefusers);
  }

  /** The pod's identity. */
  public String uid() {
    return pod.metadata().uidOr("");
  }
}
