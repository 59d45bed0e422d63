package dev.kapell.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer: bounded in number and bytes, taken in batches, in order. Thread-safe;
 * one thread takes.
 *
 * <p>A batch is one commit, and its price is shared by all that are in it. So where the last batch
 * had several requests, the next one waits a moment for as many: their callers have been answered
 * together and come back one by one. A caller who is alone never waits. (PostgreSQL's {@code
 * commit_delay} and {@code commit_siblings} do the same.)
 */
final class WriteQueue {
  /** The most bytes of one batch: a commit of this size still takes little time. */
  private static final long BATCH_BYTES = 4L << 20;

  private static final int BATCH_REQUESTS = 512;

  /** A batch does not wait for more than so many. */
  private static final int MOST_SIBLINGS = 64;

  private final int mostRequests;
  private final long mostBytes;
  private final long gatheringNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private final Deque<Request> requests = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  /** How many requests wake the writer. */
  private int wanted = 1;

  /** How many callers are in {@link #put}; while one waits there, a batch waits for nobody. */
  private int blocked;

  /** How many the next batch may hope for. */
  private int siblings = 1;

  /** A queue whose batches wait for {@code gathering} at most. */
  WriteQueue(StoreOptions options, Duration gathering) {
    this.gatheringNanos = gathering.toNanos();
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
      blocked++;
      try {
        while (!closed && isFullFor(request)) {
          filled.signal(); // nobody else can come
          drained.await();
        }
      } finally {
        blocked--;
      }
      if (closed) {
        throw new StoreException("the store is closed");
      }
      requests.add(request);
      bytes += request.bytes();
      if (requests.size() >= wanted) {
        filled.signal();
      }
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
      boolean gathered = gather();
      List<Request> batch = new ArrayList<>();
      long batchBytes = 0;
      while (!requests.isEmpty() && batch.size() < BATCH_REQUESTS && batchBytes < BATCH_BYTES) {
        Request request = requests.remove();
        batch.add(request);
        batchBytes += request.bytes();
      }
      bytes -= batchBytes;
      drained.signalAll();
      siblings = Math.min(MOST_SIBLINGS, batch.size() + (gathered && batch.size() > 1 ? 1 : 0));
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the siblings; returns whether all came. */
  private boolean gather() throws InterruptedException {
    wanted = Math.min(siblings, mostRequests);
    try {
      for (long left = gatheringNanos; isWaitedFor() && left > 0; ) {
        left = filled.awaitNanos(left);
      }
      return requests.size() >= wanted;
    } finally {
      wanted = 1;
    }
  }

  private boolean isWaitedFor() {
    return requests.size() < wanted && blocked == 0 && !closed;
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
