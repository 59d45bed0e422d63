package dev.kapell.control.loop;

import java.util.concurrent.atomic.LongAdder;

/** What a loop has done since it started. Thread-safe. */
public final class LoopCounters {
  private final LongAdder reconciled = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder conflicted = new LongAdder();
  private final LongAdder changed = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();
  private final Distribution work = new Distribution();

  void reconciled(long nanos) {
    reconciled.increment();
    busyNanos.add(nanos);
    work.add(nanos);
  }

  void failed(boolean expected) {
    (expected ? conflicted : failed).increment();
  }

  void changed() {
    changed.increment();
  }

  /** How often a name was worked on. */
  public long reconciledCount() {
    return reconciled.sum();
  }

  /** How often that failed, lost races not counted. */
  public long failedCount() {
    return failed.sum();
  }

  /** How often a race was lost. */
  public long conflictedCount() {
    return conflicted.sum();
  }

  /** How many writes were made. */
  public long changedCount() {
    return changed.sum();
  }

  /** How long the work on a name took. */
  public Distribution work() {
    return work;
  }

  /** How long the workers were busy, in nanoseconds. */
  public long busyNanos() {
    return busyNanos.sum();
  }
}
