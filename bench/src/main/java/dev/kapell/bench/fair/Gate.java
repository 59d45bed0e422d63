package dev.kapell.bench.fair;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where callers wait while they are to be quiet. Thread-safe. */
final class Gate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition opened = lock.newCondition();
  private final Condition arrived = lock.newCondition();
  private boolean open;
  private int waiting;

  /** One that is open from the beginning, or not yet. */
  Gate(boolean open) {
    this.open = open;
  }

  /** Returns once it is open. */
  void pass() throws InterruptedException {
    lock.lock();
    try {
      waiting++;
      arrived.signalAll();
      while (!open) {
        opened.await();
      }
      waiting--;
    } finally {
      lock.unlock();
    }
  }

  void open() {
    lock.lock();
    try {
      open = true;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns once {@code callers} wait. */
  void shut(int callers) throws InterruptedException {
    lock.lock();
    try {
      open = false;
      while (waiting < callers) {
        arrived.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
