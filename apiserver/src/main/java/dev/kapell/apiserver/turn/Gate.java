package dev.kapell.apiserver.turn;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** Lets so many in at a time: of each flow that waits one, then again. Thread-safe. */
final class Gate {
  private final ReentrantLock lock = new ReentrantLock();

  /** Those who wait, by flow; the flow whose turn is next comes first. */
  private final SequencedMap<String, Queue<CountDownLatch>> waiting = new LinkedHashMap<>();

  private int free;

  Gate(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("somebody has to be let in");
    }
    this.free = most;
  }

  void take(String flow) throws InterruptedException {
    CountDownLatch granted = new CountDownLatch(1);
    lock.lock();
    try {
      if (free > 0) {
        free--;
        return;
      }
      waiting.computeIfAbsent(flow, _ -> new ArrayDeque<>()).add(granted);
    } finally {
      lock.unlock();
    }
    try {
      granted.await();
    } catch (InterruptedException e) {
      withdraw(flow, granted);
      throw e;
    }
  }

  private void withdraw(String flow, CountDownLatch granted) {
    lock.lock();
    try {
      Queue<CountDownLatch> queue = waiting.get(flow);
      if (queue == null || !queue.remove(granted)) {
        give(); // it came in the same moment
      } else if (queue.isEmpty()) {
        waiting.remove(flow);
      }
    } finally {
      lock.unlock();
    }
  }

  void give() {
    lock.lock();
    try {
      Map.Entry<String, Queue<CountDownLatch>> first = waiting.pollFirstEntry();
      if (first == null) {
        free++;
        return;
      }
      first.getValue().remove().countDown();
      if (!first.getValue().isEmpty()) {
        waiting.put(first.getKey(), first.getValue()); // behind all others
      }
    } finally {
      lock.unlock();
    }
  }
}
