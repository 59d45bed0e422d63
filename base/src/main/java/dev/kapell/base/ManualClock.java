package dev.kapell.base;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;

/**
 * Virtual time: it stands still until {@link #advance} moves it, and then runs the alarms that fall
 * due, in order, on the caller's thread. Thread-safe.
 */
public final class ManualClock implements Clock {
  private record Due(long atNanos, long order, Runnable task) {}

  private final Instant origin;
  private final PriorityQueue<Due> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::order));
  private long nanos;
  private long order;

  /** A clock that shows {@code origin}. */
  public ManualClock(Instant origin) {
    this.origin = origin;
  }

  @Override
  public synchronized Instant now() {
    return origin.plusNanos(nanos);
  }

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  @Override
  public void sleep(Duration span) throws InterruptedException {
    if (!span.isPositive()) {
      return;
    }
    CountDownLatch due = new CountDownLatch(1);
    schedule(span, due::countDown);
    due.await();
  }

  @Override
  public synchronized Alarm schedule(Duration delay, Runnable task) {
    Due due = new Due(nanos + Math.max(0, delay.toNanos()), order++, task);
    alarms.add(due);
    return () -> {
      synchronized (this) {
        alarms.remove(due);
      }
    };
  }

  /**
   * Moves time forward by {@code span}, running every alarm that falls due on the way at its own
   * time.
   */
  public void advance(Duration span) {
    long target;
    synchronized (this) {
      target = nanos + span.toNanos();
    }
    while (true) {
      Due due;
      synchronized (this) {
        due = alarms.peek();
        if (due == null || due.atNanos() > target) {
          nanos = target;
          return;
        }
        alarms.remove(due);
        nanos = Math.max(nanos, due.atNanos());
      }
      due.task().run();
    }
  }
}
