package dev.kapell.scheduler.queue;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.demand.Demand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Pods that wait for a node.
 *
 * <pre>
 *   put ─▶ active (priority, then age) ─poll─▶ tried ─placed─▶ remove
 *            ▲                                   │ no node fits
 *            │◀─ back-off over ── backing off    ▼
 *            └──── wake (something changed) ── stuck
 * </pre>
 *
 * <p>One thread's.
 */
public final class PodQueue {
  private static final Comparator<Waiting> ORDER =
      Comparator.comparingInt((Waiting w) -> -w.demand().priority())
          .thenComparingLong(Waiting::sinceNanos)
          .thenComparing(Waiting::uid);
  private static final Comparator<Waiting> BY_READY =
      Comparator.comparingLong(Waiting::readyNanos).thenComparing(Waiting::uid);

  private final TreeSet<Waiting> active = new TreeSet<>(ORDER);
  private final PriorityQueue<Waiting> backingOff = new PriorityQueue<>(BY_READY);
  private final Map<String, Waiting> stuck = new LinkedHashMap<>();
  private final Map<String, Waiting> all = new HashMap<>();

  /** A pod waits, or has changed while it waits. A changed one is tried again. */
  public void put(Pod pod, Demand demand, long nowNanos) {
    String uid = pod.metadata().uidOr("");
    Waiting known = all.get(uid);
    if (known == null) {
      activate(new Waiting(pod, demand, nowNanos, 0, nowNanos));
      return;
    }
    boolean isNew = !known.demand().equals(demand);
    Waiting newer = known.with(pod, demand);
    if (active.remove(known)) {
      activate(newer);
    } else if (backingOff.remove(known)) {
      all.put(uid, newer);
      backingOff.add(newer);
    } else if (isNew) {
      stuck.remove(uid);
      activate(newer);
    } else {
      all.put(uid, newer);
      stuck.replace(uid, newer);
    }
  }

  /** A pod has a node or is gone. */
  public void remove(String uid) {
    Waiting known = all.remove(uid);
    if (known != null) {
      active.remove(known);
      backingOff.remove(known);
      stuck.remove(uid);
    }
  }

  /** The next to be tried, in order of priority and age; it stays known until it is removed. */
  public Optional<Waiting> poll(long nowNanos) {
    while (!backingOff.isEmpty() && backingOff.peek().readyNanos() - nowNanos <= 0) {
      activate(backingOff.remove());
    }
    return Optional.ofNullable(active.pollFirst());
  }

  /** No node fits: it waits until something changes. */
  public void park(Waiting waiting, long nowNanos) {
    if (all.containsKey(waiting.uid())) {
      Waiting tried = waiting.tried(nowNanos);
      all.put(tried.uid(), tried);
      stuck.put(tried.uid(), tried);
    }
  }

  /** Its binding was refused: it comes again after the back-off of one more try. */
  public void delay(Waiting before, long nowNanos) {
    Waiting now = all.get(before.uid());
    if (now != null) {
      remove(before.uid());
      Waiting tried =
          new Waiting(
              now.pod(), now.demand(), before.sinceNanos(), before.attempts() + 1, nowNanos);
      all.put(tried.uid(), tried);
      backingOff.add(tried);
    }
  }

  /** Something changed that may help: all that are stuck come again, each after its back-off. */
  public void wake() {
    wakeIf(waiting -> true);
  }

  /** The same for those that it may help. */
  public void wakeIf(Predicate<Waiting> helped) {
    stuck
        .values()
        .removeIf(
            waiting -> {
              boolean woken = helped.test(waiting);
              if (woken) {
                backingOff.add(waiting);
              }
              return woken;
            });
  }

  /** Nanoseconds until {@link #poll} has something; 0 for now, empty for not by itself. */
  public Optional<Long> nanosUntilNext(long nowNanos) {
    if (!active.isEmpty()) {
      return Optional.of(0L);
    }
    return backingOff.isEmpty()
        ? Optional.empty()
        : Optional.of(Math.max(0, backingOff.peek().readyNanos() - nowNanos));
  }

  /** The pods that no node fits. */
  public List<Waiting> stuck() {
    return new ArrayList<>(stuck.values());
  }

  /** How many wait in whatever state. */
  public int size() {
    return all.size();
  }

  private void activate(Waiting waiting) {
    all.put(waiting.uid(), waiting);
    active.add(waiting);
  }
}
