package dev.kapell.host;

import dev.kapell.base.Clock;
import dev.kapell.host.runtime.RuntimeFailure;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a bound. */
public final class Waiting {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration BETWEEN = Duration.ofMillis(10);

  private Waiting() {}

  /** Returns when {@code condition} holds; a runtime that does not answer yet counts as no. */
  public static void until(String what, BooleanSupplier condition) throws InterruptedException {
    Clock clock = Clock.system();
    long deadline = clock.nanoTime() + LIMIT.toNanos();
    while (!holds(condition)) {
      if (clock.nanoTime() > deadline) {
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
      }
      clock.sleep(BETWEEN);
    }
  }

  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (RuntimeFailure e) {
      return false; // Not yet.
    }
  }
}
