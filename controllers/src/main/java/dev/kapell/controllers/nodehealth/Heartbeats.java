package dev.kapell.controllers.nodehealth;

import dev.kapell.base.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * When each node was last heard of, by this process's own clock: clocks of different machines are
 * not compared. Thread-safe; as large as there are nodes.
 */
final class Heartbeats {
  private final Clock clock;
  private final Map<String, Instant> heard = new HashMap<>();

  Heartbeats(Clock clock) {
    this.clock = clock;
  }

  synchronized void beat(String node) {
    heard.put(node, clock.now());
  }

  synchronized void forget(String node) {
    heard.remove(node);
  }

  /** A node that nobody has heard of yet counts from now. */
  synchronized Instant last(String node) {
    return heard.computeIfAbsent(node, n -> clock.now());
  }
}
