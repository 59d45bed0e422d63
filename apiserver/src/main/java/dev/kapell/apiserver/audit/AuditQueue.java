package dev.kapell.apiserver.audit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events that wait to be written: at most so many, of so many bytes. Who brings more than fits
 * waits, so that nothing that happened is missing; an event loop, which must not wait, is refused.
 * After each batch its reader rests a moment: to wake it costs as much as to write an event.
 */
final class AuditQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<AuditEvent> events = new ArrayDeque<>();
  private final int mostEvents;
  private final long mostBytes;
  private final long restNanos;
  private long bytes;
  private boolean resting;

  /** Whether there has been a batch. */
  private boolean written;

  private boolean closed;

  AuditQueue(int mostEvents, long mostBytes, Duration rest) {
    this.mostEvents = mostEvents;
    this.mostBytes = mostBytes;
    this.restNanos = rest.toNanos();
  }

  /** Adds {@code event}; false: there is no room, or it is closed. */
  boolean put(AuditEvent event, boolean mayWait) {
    lock.lock();
    try {
      while (!closed && isFull()) {
        if (!mayWait) {
          return false;
        }
        changed.await();
      }
      if (closed) {
        return false;
      }
      events.add(event);
      bytes += event.bytes();
      if (resting ? isFull() : events.size() == 1) {
        changed.signalAll();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return events.size() >= mostEvents || bytes >= mostBytes;
  }

  /** Everything that waits, at least one; empty once closed and drained. For one reader. */
  List<AuditEvent> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      rest();
      while (events.isEmpty() && !closed) {
        changed.await();
      }
      List<AuditEvent> all = new ArrayList<>(events);
      events.clear();
      bytes = 0;
      written = true;
      changed.signalAll();
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** After a batch, until the next one is worth it. */
  private void rest() throws InterruptedException {
    resting = written;
    try {
      for (long left = restNanos; resting && left > 0 && !closed && !isFull(); ) {
        left = changed.awaitNanos(left);
      }
    } finally {
      resting = false;
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
