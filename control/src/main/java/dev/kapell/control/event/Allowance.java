package dev.kapell.control.event;

import java.time.Duration;
import java.time.Instant;

/**
 * How many events an object may still send: 25 at once, one more in every five minutes. One
 * thread's.
 */
final class Allowance {
  private static final int BURST = 25;
  private static final Duration REFILL = Duration.ofMinutes(5);

  private int left = BURST;
  private Instant refilled;

  Allowance(Instant now) {
    this.refilled = now;
  }

  boolean spend(Instant now) {
    long earned = Duration.between(refilled, now).dividedBy(REFILL);
    if (earned > 0) {
      left = (int) Math.min(BURST, left + earned);
      refilled = refilled.plus(REFILL.multipliedBy(earned));
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
