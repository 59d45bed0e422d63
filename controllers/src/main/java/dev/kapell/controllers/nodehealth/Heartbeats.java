package dev.kapell.controllers.nodehealth;

import dev.kapell.base.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long each node has been silent, by this process's own count of time: clocks of different
 * machines are not compared, and a time of day that jumps makes nobody silent. Thread-safe; as
 * large as there are nodes.
 */
final class Heartbeats {
  private final Clock clock;
  private final Map<String, Long> heardNanos = new HashMap<>();

  Heartbeats(Clock clock) {
    this.clock = clock;
  }

  synchronized void beat(String node) {
    heardNanos.put(node, clock.nanoTime());
  }

  synchronized void forget(String node) {
    heardNanos.remove(node);
  }

  /** A node that nobody has heard of yet counts from now. */
  synchronized Duration silence(String node) {
    long now = clock.nanoTime();
    return Duration.ofNanos(now - heardNanos.computeIfAbsent(node, n -> now));
  }
}
