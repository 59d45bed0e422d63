package dev.kapell.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that an event loop puts in and one blocking reader takes out.
 *
 * <p>Bounded by co-operation: {@link #offer} answers whether the loop should read on; when it said
 * no, the reader calls {@code demand} once there is room again.
 */
final class Inbox {
  private static final int FULL_BYTES = 256 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>(1);
  private final Runnable demand;
  private int heldBytes;
  private long waitedNanos;
  private boolean paused;
  private boolean ended;
  private @Nullable IOException failure;

  Inbox(Runnable demand) {
    this.demand = demand;
  }

  /** Adds a piece; false: stop reading until {@code demand} is called. */
  boolean offer(byte[] piece) {
    lock.lock();
    try {
      if (piece.length > 0) {
        pieces.add(piece);
        heldBytes += piece.length;
        changed.signalAll();
      }
      paused |= heldBytes >= FULL_BYTES; // what comes while paused must not forget that it is
      return !paused;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether all has come. */
  boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** The connection broke; ignored after {@link #end}. */
  void fail(IOException cause) {
    lock.lock();
    try {
      if (!ended && failure == null) {
        failure = cause;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is held and what will come: nobody reads any more. */
  void discard() {
    lock.lock();
    try {
      pieces.clear();
      heldBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** The next piece, null at the end; 408 when {@code patience} runs out (zero: never). */
  byte @Nullable [] take(Duration patience) throws IOException {
    byte[] piece;
    boolean resume;
    lock.lock();
    try {
      await(patience);
      piece = pieces.poll();
      if (piece == null) {
        if (failure != null) {
          throw failure;
        }
        return null;
      }
      heldBytes -= piece.length;
      resume = paused && heldBytes < FULL_BYTES / 2;
      if (resume) {
        paused = false;
      }
    } finally {
      lock.unlock();
    }
    if (resume) {
      demand.run();
    }
    return piece;
  }

  /** How long the reader has waited for pieces, all in all, where its patience had an end. */
  Duration waited() {
    lock.lock();
    try {
      return Duration.ofNanos(waitedNanos);
    } finally {
      lock.unlock();
    }
  }

  private void await(Duration patience) throws IOException {
    long left = patience.toNanos();
    try {
      while (pieces.isEmpty() && !ended && failure == null) {
        if (patience.isZero()) {
          changed.await();
        } else if (left <= 0) {
          throw new HttpFailure(
              408, "the sender did not go on within " + patience.toSeconds() + " seconds");
        } else {
          long before = left;
          left = changed.awaitNanos(before);
          waitedNanos += before - left;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for bytes");
    }
  }
}
