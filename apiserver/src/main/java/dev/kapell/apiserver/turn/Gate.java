package dev.kapell.apiserver.turn;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Lets so many in at a time: of each flow that waits one, then again. Thread-safe. */
final class Gate {
  private final ReentrantLock lock = new ReentrantLock();

  /** What those do who wait, once they are let in, by flow; whose turn is next comes first. */
  private final SequencedMap<String, Queue<BooleanSupplier>> waiting = new LinkedHashMap<>();

  private int free;

  Gate(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("somebody has to be let in");
    }
    this.free = most;
  }

  /**
   * Runs {@code entered}, which must not block, when it is the turn of {@code flow}: maybe now. It
   * says whether anybody comes in.
   */
  void enter(String flow, BooleanSupplier entered) {
    lock.lock();
    try {
      if (free == 0) {
        waiting.computeIfAbsent(flow, _ -> new ArrayDeque<>(2)).add(entered);
        return;
      }
      free--;
    } finally {
      lock.unlock();
    }
    if (!entered.getAsBoolean()) {
      leave();
    }
  }

  /** Somebody goes: the next one comes. */
  void leave() {
    BooleanSupplier next = next();
    while (next != null && !next.getAsBoolean()) {
      next = next();
    }
  }

  /** Who comes in; null for nobody. */
  private @Nullable BooleanSupplier next() {
    lock.lock();
    try {
      Map.Entry<String, Queue<BooleanSupplier>> first = waiting.pollFirstEntry();
      if (first == null) {
        free++;
        return null;
      }
      BooleanSupplier next = first.getValue().remove();
      if (!first.getValue().isEmpty()) {
        waiting.put(first.getKey(), first.getValue()); // behind all others
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
