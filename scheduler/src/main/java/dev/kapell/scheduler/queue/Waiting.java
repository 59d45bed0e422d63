package dev.kapell.scheduler.queue;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Backoff;
import dev.kapell.scheduler.demand.Demand;
import java.time.Duration;

/**
 * A pod without a node.
 *
 * @param sinceNanos when it was first seen, by the clock's nanoseconds
 * @param attempts how often no node was found
 * @param triedNanos when that last was
 */
public record Waiting(Pod pod, Demand demand, long sinceNanos, int attempts, long triedNanos) {
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  /** The same after one more try without success. */
  public Waiting tried(long nowNanos) {
    return new Waiting(pod, demand, sinceNanos, attempts + 1, nowNanos);
  }

  /** The same pod as it is now. */
  Waiting with(Pod newer, Demand newDemand) {
    return new Waiting(newer, newDemand, sinceNanos, attempts, triedNanos);
  }

  /** When it may be tried again. */
  long readyNanos() {
    if (attempts == 0) {
      return triedNanos;
    }
    Duration wait = BACKOFF.after(attempts);
    return triedNanos + wait.toNanos();
  }

  /** The pod's identity. */
  public String uid() {
    return pod.metadata().uidOr("");
  }
}
