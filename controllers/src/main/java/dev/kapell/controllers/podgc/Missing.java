package dev.kapell.controllers.podgc;

import dev.kapell.base.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long nodes have been missed, whatever the time of day does. Thread-safe; as large as there
 * are such nodes.
 */
final class Missing {
  private final Clock clock;
  private final Map<String, Long> sinceNanos = new HashMap<>();

  Missing(Clock clock) {
    this.clock = clock;
  }

  synchronized Duration gone(String node) {
    long now = clock.nanoTime();
    return Duration.ofNanos(now - sinceNanos.computeIfAbsent(node, n -> now));
  }

  synchronized void forget(String node) {
    sinceNanos.remove(node);
  }
}
