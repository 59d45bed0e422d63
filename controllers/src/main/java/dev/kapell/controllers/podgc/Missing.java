package dev.kapell.controllers.podgc;

import dev.kapell.base.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Since when nodes have been missed. Thread-safe; as large as there are such nodes. */
final class Missing {
  private final Clock clock;
  private final Map<String, Instant> since = new HashMap<>();

  Missing(Clock clock) {
    this.clock = clock;
  }

  synchronized Instant since(String node) {
    return since.computeIfAbsent(node, n -> clock.now());
  }

  synchronized void forget(String node) {
    since.remove(node);
  }
}
