package dev.kapell.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer: bounded in number and bytes, taken in batches, in order. Thread-safe;
 * one thread takes.
 */
final class WriteQueue {
  /** The most bytes of one batch: a commit of this size still takes little time. */
  private static final long BATCH_BYTES = 4L << 20;

  private static final int BATCH_REQUESTS = 512;

  private final int mostRequests;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private final Deque<Request> requests = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  WriteQueue(StoreOptions options) {
    this.mostRequests = options.queueTransactions();
    this.mostBytes = options.queueBytes();
  }

  /**
   * Appends; waits while the queue is full. A request larger than the queue passes alone.
   *
   * @throws StoreException when the queue is closed
   */
  void put(Request request) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && isFullFor(request)) {
        drained.await();
      }
      if (closed) {
        throw new StoreException("the store is closed");
      }
      requests.add(request);
      bytes += request.bytes();
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean isFullFor(Request request) {
    return requests.size() >= mostRequests
        || (!requests.isEmpty() && bytes + request.bytes() > mostBytes);
  }

  /** The next requests, at least one; waits for it. Empty once the queue is closed and empty. */
  List<Request> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (requests.isEmpty() && !closed) {
        filled.await();
      }
      List<Request> batch = new ArrayList<>();
      long batchBytes = 0;
      while (!requests.isEmpty() && batch.size() < BATCH_REQUESTS && batchBytes < BATCH_BYTES) {
        Request request = requests.remove();
        batch.add(request);
        batchBytes += request.bytes();
      }
      bytes -= batchBytes;
      drained.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Accepts no more; what is in can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
