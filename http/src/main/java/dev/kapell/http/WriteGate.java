package dev.kapell.http;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Where a blocking writer waits for its channel to take more. The event loop opens it. */
final class WriteGate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Called on the event loop when the channel became writable, or inactive. */
  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when {@code channel} takes more bytes; fails when it is closed. */
  void await(Channel channel) throws IOException {
    lock.lock();
    try {
      while (channel.isActive() && !channel.isWritable()) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing");
    } finally {
      lock.unlock();
    }
    if (!channel.isActive()) {
      throw new IOException("the other end closed the connection");
    }
  }
}
