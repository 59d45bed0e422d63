package dev.kapell.controllers.nodehealth;

import dev.kapell.api.core.v1.Taint;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Since when taints have been there that do not say so themselves, as people write them: since they
 * were first seen. Thread-safe; as large as there are nodes with such taints.
 */
final class TaintTimes {
  private final Map<String, Map<Taint, Instant>> seen = new HashMap<>();

  /** The taints of {@code node} as they are now, each with its time. */
  synchronized List<Taint> dated(String node, List<Taint> taints, Instant now) {
    Map<Taint, Instant> before = seen.getOrDefault(node, Map.of());
    Map<Taint, Instant> times = new HashMap<>();
    for (Taint taint : taints) {
      if (taint.timeAdded() == null) {
        times.put(taint, before.getOrDefault(taint, now));
      }
    }
    if (times.isEmpty()) {
      seen.remove(node);
    } else {
      seen.put(node, times);
    }
    return taints.stream()
        .map(taint -> taint.timeAdded() == null ? taint.withTimeAdded(times.get(taint)) : taint)
        .toList();
  }

  synchronized void forget(String node) {
    seen.remove(node);
  }
}
