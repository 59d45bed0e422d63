package dev.kapell.apiserver.turn;

import dev.kapell.base.Clock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many in at a time: of each flow that waits one, then again. In a crowd of several flows
 * none takes the last place but one that has no other, so that who asks for little finds it free.
 * Thread-safe.
 */
final class Gate {
  /** For so long after another flow came there are several: a modest one comes now and then. */
  private static final long SEVERAL_NANOS = 200_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final BooleanSupplier crowded;
  private final Clock clock;

  /** What those do who wait, once they are let in, by flow; whose turn is next comes first. */
  private final SequencedMap<String, Queue<BooleanSupplier>> waiting = new LinkedHashMap<>();

  /** How many of each flow are in. */
  private final Map<String, Integer> inside = new HashMap<>();

  private int free;

  /** Who came last; empty before the first. */
  private String latest = "";

  /** When a flow came last that was not the one before. */
  private volatile long changedAt;

  Gate(int most, BooleanSupplier crowded, Clock clock) {
    if (most < 1) {
      throw new IllegalArgumentException("somebody has to be let in");
    }
    this.free = most;
    this.crowded = crowded;
    this.clock = clock;
    this.changedAt = clock.nanoTime() - SEVERAL_NANOS;
  }

  /** Who is let in. */
  private record Next(String flow, BooleanSupplier entered) {}

  /**
   * Runs {@code entered}, which must not block, when it is the turn of {@code flow}: maybe now. It
   * says whether anybody comes in.
   */
  void enter(String flow, BooleanSupplier entered) {
    lock.lock();
    try {
      notice(flow);
      if (!hasRoom(flow, isContested())) {
        waiting.computeIfAbsent(flow, _ -> new ArrayDeque<>(2)).add(entered);
        return;
      }
      let(flow);
    } finally {
      lock.unlock();
    }
    if (!entered.getAsBoolean()) {
      leave(flow);
    }
  }

  private void notice(String flow) {
    if (!flow.equals(latest)) {
      changedAt = latest.isEmpty() ? changedAt : clock.nanoTime();
      latest = flow;
    }
  }

  /** Whether there is a crowd, and one of several flows. */
  boolean isContested() {
    return crowded.getAsBoolean() && clock.nanoTime() - changedAt < SEVERAL_NANOS;
  }

  private boolean hasRoom(String flow, boolean contested) {
    return free > (contested && inside.containsKey(flow) ? 1 : 0);
  }

  private void let(String flow) {
    free--;
    inside.merge(flow, 1, Integer::sum);
  }

  private void count(String flow) {
    inside.computeIfPresent(flow, (_, all) -> all == 1 ? null : all - 1);
  }

  /** Somebody who is in turns out to be of another flow than it seemed. */
  void rename(String flow, String real) {
    lock.lock();
    try {
      count(flow);
      inside.merge(real, 1, Integer::sum);
    } finally {
      lock.unlock();
    }
  }

  /** Somebody of {@code flow} goes: the next one comes. */
  void leave(String flow) {
    Next next = next(flow);
    while (next != null && !next.entered().getAsBoolean()) {
      next = next(next.flow());
    }
  }

  /** Who comes in when somebody of {@code gone} goes; null for nobody. */
  private @Nullable Next next(String gone) {
    lock.lock();
    try {
      count(gone);
      free++;
      boolean contested = isContested();
      Iterator<Map.Entry<String, Queue<BooleanSupplier>>> flows = waiting.entrySet().iterator();
      while (flows.hasNext()) {
        Map.Entry<String, Queue<BooleanSupplier>> first = flows.next();
        String flow = first.getKey();
        if (hasRoom(flow, contested)) {
          Queue<BooleanSupplier> queue = first.getValue();
          flows.remove();
          Next next = new Next(flow, queue.remove());
          if (!queue.isEmpty()) {
            waiting.put(flow, queue); // behind all others
          }
          let(flow);
          return next;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }
}
