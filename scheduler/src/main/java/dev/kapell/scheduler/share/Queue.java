package dev.kapell.scheduler.share;

import dev.kapell.api.resource.Quantity;
import java.util.Map;

/**
 * A queue.
 *
 * @param name what pods say in their label {@code scheduling.kapell.dev/queue}
 * @param weight its part of the cluster beside others
 * @param guarantee what it gets back when it needs it; empty: its part by weight
 * @param limit what it may never exceed; a resource that is not named is not limited
 */
public record Queue(
    String name, double weight, Map<String, Quantity> guarantee, Map<String, Quantity> limit) {
  /** Copies. */
  public Queue {
    guarantee = Map.copyOf(guarantee);
    limit = Map.copyOf(limit);
  }
}
