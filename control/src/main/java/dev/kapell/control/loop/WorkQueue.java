package dev.kapell.control.loop;

import dev.kapell.base.Backoff;
import dev.kapell.base.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
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
  private final Map<K, Long> queuedNanos = new HashMap<>();
  private final Map<K, Long> workingNanos = new HashMap<>();
  private final Map<K, Later> later = new HashMap<>();
  private final Map<K, Integer> failures = new HashMap<>();
  private final Distribution waits = new Distribution();
  private long adds;
  private long retries;

  /**
   * What a queue does and has done.
   *
   * @param depth names that wait for a worker
   * @param adds names that were added, those that waited already left out
   * @param retries names that came again after a failure
   * @param unfinishedSeconds how long the present work takes so far, all names together
   * @param longestSeconds and the longest of them
   */
  public record Figures(
      int depth, long adds, long retries, double unfinishedSeconds, double longestSeconds) {}

  /** An empty queue; a name that fails waits as {@code backoff} says. */
  public WorkQueue(Clock clock, Backoff backoff) {
    this.clock = clock;
    this.backoff = backoff;
  }

  /** Wants {@code key} worked on as soon as possible. */
  public void add(K key) {
    lock.lock();
    try {
      if (queuedNanos.putIfAbsent(key, clock.nanoTime()) != null) {
        return;
      }
      adds++;
      if (queuedNanos.size() > LIMIT) {
        queuedNanos.remove(key);
        throw new IllegalStateException("work queue holds more than " + LIMIT + " keys");
      }
      if (!workingNanos.containsKey(key)) {
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
      long now = clock.nanoTime();
      Long since = queuedNanos.remove(key);
      waits.add(since == null ? 0 : now - since);
      workingNanos.put(key, now);
    }
    return key;
  }

  /** The work on {@code key} has ended; if it was added meanwhile, it is due again. */
  public void done(K key) {
    lock.lock();
    try {
      workingNanos.remove(key);
      if (queuedNanos.containsKey(key)) {
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
      retries++;
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

  /** What it does now, and has done. */
  public Figures figures() {
    lock.lock();
    try {
      long now = clock.nanoTime();
      double all = 0;
      double longest = 0;
      for (long since : workingNanos.values()) {
        double seconds = (now - since) / 1e9;
        all += seconds;
        longest = Math.max(longest, seconds);
      }
      return new Figures(waiting.size(), adds, retries, all, longest);
    } finally {
      lock.unlock();
    }
  }

  /** How long names waited for a worker. */
  public Distribution waits() {
    return waits;
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
      return waiting.isEmpty() && workingNanos.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
