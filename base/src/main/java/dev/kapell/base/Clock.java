package dev.kapell.base;

import java.time.Duration;
import java.time.Instant;

/**
 * The only source of time. Thread-safe.
 *
 * <p>Production uses {@link #system()}; a test or a simulation passes a {@link ManualClock} and
 * moves it by hand.
 */
public interface Clock {

  /** The wall clock of this machine. */
  static Clock system() {
    return SystemClock.INSTANCE;
  }

  /** The time of day, for stamps that people and other machines read. May jump. */
  Instant now();

  /** Nanoseconds from an arbitrary origin that never go backwards, for measuring spans. */
  long nanoTime();

  /**
   * Blocks the calling (virtual) thread for {@code span}; returns at once when it is zero or
   * negative.
   */
  void sleep(Duration span) throws InterruptedException;

  /**
   * Runs {@code task} once after {@code delay}, on a thread of the clock's own. The task must be
   * short: it wakes somebody, it does no work.
   */
  Alarm schedule(Duration delay, Runnable task);

  /** A task that waits for its time. */
  @FunctionalInterface
  interface Alarm {
    /** Forgets the task; without effect once it has run. */
    void cancel();
  }
}
