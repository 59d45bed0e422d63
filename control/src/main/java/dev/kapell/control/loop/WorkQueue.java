package dev.kapell.control.loop;

import dev.kapell.base.Backoff;
import dev.kapell.base.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Names that want attention. Thread-safe.
 *
 * <pre>
 *   add ─▶ waiting ─take─▶ working ─done─▶ (gone)
 *            ▲                │ add meanwhile: marked, and back to waiting at done
 *   later ───┘◀── failed: after the back-off of this name
 * </pre>
 *
 * <p>A name is in the queue once however often it is added, and is given to one worker at a time.
 * So the queue is as long as there are names; a limit guards against a key that is not a name.
 *
 * @param <K> the name
 */
public final class WorkQueue<K> {
  private static final int LIMIT = 2_000_000;

  private record Later(long atNanos, Clock.Alarm alarm) {}

  private final Clock clock;
  private final Backoff backoff;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<K> waiting = new ArrayDeque<>();
  private final Set<K> queued = new HashSet<>();
  private final Set<K> working = new HashSet<>();
  private final Map<K, Later> later = new HashMap<>();
  private final Map<K, Integer> failures = new HashMap<>();

  /** An empty queue; a name that fails waits as {@code backoff} says. */
  public WorkQueue(Clock clock, Backoff backoff) {
    this.clock = clock;
    this.backoff = backoff;
  }

  /** Wants {@code key} worked on as soon as possible. */
  public void add(K key) {
    lock.lock();
    try {
      if (!queued.add(key)) {
        return;
      }
      if (queued.size() > LIMIT) {
        queued.remove(key);
        throw new IllegalStateException("work queue holds more than " + LIMIT + " keys");
      }
      if (!working.contains(key)) {
        waiting.add(key);
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Wants {@code key} worked on after {@code delay}; the earliest of several such wishes counts.
   */
  public void addAfter(K key, Duration delay) {
    if (!delay.isPositive()) {
      add(key);
      return;
    }
    lock.lock();
    try {
      long at = clock.nanoTime() + delay.toNanos();
      Later known = later.get(key);
      if (known != null && known.atNanos() - at <= 0) {
        return;
      }
      if (known != null) {
        known.alarm().cancel();
      }
      later.put(key, new Later(at, clock.schedule(delay, () -> due(key, at))));
    } finally {
      lock.unlock();
    }
  }

  private void due(K key, long atNanos) {
    lock.lock();
    try {
      Later known = later.get(key);
      if (known != null && known.atNanos() == atNanos) {
        later.remove(key);
      }
    } finally {
      lock.unlock();
    }
    add(key);
  }

  /** The next name; waits for one. The caller owes {@link #done}. */
  public K take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        K key = pollWaiting();
        if (key != null) {
          return key;
        }
        filled.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable K pollWaiting() {
    K key = waiting.poll();
    if (key != null) {
      queued.remove(key);
      working.add(key);
    }
    return key;
  }

  /** The work on {@code key} has ended; if it was added meanwhile, it is due again. */
  public void done(K key) {
    lock.lock();
    try {
      working.remove(key);
      if (queued.contains(key)) {
        waiting.add(key);
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The work on {@code key} failed: it comes again after its back-off. Returns that wait. */
  public Duration failed(K key) {
    int count;
    lock.lock();
    try {
      count = failures.merge(key, 1, Integer::sum);
    } finally {
      lock.unlock();
    }
    Duration wait = backoff.after(count);
    addAfter(key, wait);
    return wait;
  }

  /** The work on {@code key} succeeded: its back-off starts anew. */
  public void succeeded(K key) {
    lock.lock();
    try {
      failures.remove(key);
    } finally {
      lock.unlock();
    }
  }

  /** How many names wait for a worker now. */
  public int depth() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing waits and nobody works; names that are due later do not count. */
  public boolean isIdle() {
    lock.lock();
    try {
      return waiting.isEmpty() && working.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
