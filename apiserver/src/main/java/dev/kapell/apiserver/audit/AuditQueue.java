package dev.kapell.apiserver.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events that wait to be written: at most so many, of so many bytes. Who brings more than fits
 * waits, so that nothing that happened is missing; an event loop, which must not wait, is refused.
 */
final class AuditQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<AuditEvent> events = new ArrayDeque<>();
  private final int mostEvents;
  private final long mostBytes;
  private long bytes;
  private boolean closed;

  AuditQueue(int mostEvents, long mostBytes) {
    this.mostEvents = mostEvents;
    this.mostBytes = mostBytes;
  }

  /** Adds {@code event}; false: there is no room, or it is closed. */
  boolean put(AuditEvent event, boolean mayWait) {
    lock.lock();
    try {
      while (!closed && (events.size() >= mostEvents || bytes >= mostBytes)) {
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
      if (events.size() == 1) {
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

  /** Everything that waits, at least one; empty once closed and drained. */
  List<AuditEvent> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (events.isEmpty() && !closed) {
        changed.await();
      }
      List<AuditEvent> all = new ArrayList<>(events);
      events.clear();
      bytes = 0;
      changed.signalAll();
      return all;
    } finally {
      lock.unlock();
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
