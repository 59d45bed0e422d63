package dev.kapell.controllers.autoscaling;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What counters showed at the last look. Thread-safe; the eldest are forgotten. */
final class Counters {
  private static final int REMEMBERED = 10_000;

  /** Two looks at nearly the same time say nothing about a rate. */
  private static final Duration APART = Duration.ofSeconds(5);

  /**
   * A look.
   *
   * @param rate thousandths in a second up to then; negative when not known
   */
  private record Look(double value, Instant at, long rate) {}

  private final Map<String, Look> looks =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Look> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** The increase in a second since the look before, in thousandths; empty at the first. */
  synchronized OptionalLong rate(String counter, double value, Instant now) {
    Look before = looks.get(counter);
    if (before == null || value < before.value()) {
      looks.put(counter, new Look(value, now, -1));
      return OptionalLong.empty();
    }
    long passedMillis = Duration.between(before.at(), now).toMillis();
    if (passedMillis < APART.toMillis()) {
      return before.rate() < 0 ? OptionalLong.empty() : OptionalLong.of(before.rate());
    }
    long rate = Math.round(1_000_000 * (value - before.value()) / passedMillis);
    looks.put(counter, new Look(value, now, rate));
    return OptionalLong.of(rate);
  }
}
