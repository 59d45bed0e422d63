package dev.kapell.controllers.nodehealth;

import dev.kapell.base.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** When the last node of each zone was given up. Thread-safe; as large as there are zones. */
final class Turns {
  private final Clock clock;
  private final Map<String, Instant> last = new HashMap<>();

  Turns(Clock clock) {
    this.clock = clock;
  }

  /** Whether it is a node's turn, {@code pace} after the one before; it is then taken. */
  synchronized boolean take(String zone, Duration pace) {
    Instant now = clock.now();
    Instant before = last.get(zone);
    if (before != null && before.plus(pace).isAfter(now)) {
      return false;
    }
    last.put(zone, now);
    return true;
  }
}
