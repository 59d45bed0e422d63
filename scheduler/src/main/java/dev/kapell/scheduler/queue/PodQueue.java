package dev.kapell.scheduler.queue;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Backoff;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.gang.Gang;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Pods that wait for a node.
 *
 * <pre>
 *   put ─▶ active (priority, then age) ─poll─▶ tried ─placed─▶ remove
 *            ▲                                   │ no node fits
 *            │◀─ back-off over, ──backing off    ▼
 *            │   or nothing else to do ▲       stuck, or expecting (a node is being cleared for it)
 *            │                         └─ wake ──┘ (something changed that may help)
 *            └── back-off over ── penalised ◀─ delay (its binding was refused)
 * </pre>
 *
 * <p>One thread's.
 */
public final class PodQueue {
  private static final Comparator<Waiting> BY_READY =
      Comparator.comparingLong(Waiting::readyNanos).thenComparing(Waiting::uid);

  private final Backoff backoff;
  private final Active active;
  private final TreeSet<Waiting> backingOff = new TreeSet<>(BY_READY);
  private final TreeSet<Waiting> penalised = new TreeSet<>(BY_READY);
  private final Map<String, Waiting> stuck = new LinkedHashMap<>();
  private final Map<String, Waiting> expecting = new LinkedHashMap<>();

  /** How many of those each filter has refused. */
  private final int[] stuckBy = new int[Long.SIZE];

  private final Map<String, Waiting> all = new HashMap<>();

  /**
   * Nobody waits.
   *
   * @param backoff how long a pod waits after a try, by the number of tries
   */
  public PodQueue(Backoff backoff) {
    this(backoff, queue -> 0);
  }

  /**
   * The same where pods belong to queues that share the cluster.
   *
   * @param shares how much a queue has; the less, the sooner it is its turn
   */
  public PodQueue(Backoff backoff, ToDoubleFunction<String> shares) {
    this.backoff = backoff;
    this.active = new Active(shares);
  }

  /** A pod waits, or has changed while it waits. A changed one is tried again. */
  public void put(Pod pod, Demand demand, long nowNanos) {
    String uid = pod.metadata().uidOr("");
    Waiting known = all.get(uid);
    if (known == null) {
      activate(new Waiting(pod, demand, nowNanos, 0, nowNanos, 0));
      return;
    }
    boolean isNew = !known.demand().equals(demand) || !Gang.isSame(known.pod(), pod);
    Waiting newer = known.with(pod, demand);
    if (active.remove(known)) {
      activate(newer);
    } else if (backingOff.remove(known)) {
      all.put(uid, newer);
      backingOff.add(newer);
    } else if (penalised.remove(known)) {
      all.put(uid, newer);
      penalised.add(newer);
    } else if (isNew) {
      unstick(uid);
      activate(newer);
    } else {
      all.put(uid, newer);
      stuck.replace(uid, newer);
      expecting.replace(uid, newer);
    }
  }

  /** A pod has a node or is gone. */
  public void remove(String uid) {
    Waiting known = all.remove(uid);
    if (known != null) {
      active.remove(known);
      backingOff.remove(known);
      penalised.remove(known);
      unstick(uid);
    }
  }

  /**
   * The pod with this uid, out of whatever state it waits in; whoever takes it parks, delays or
   * removes it.
   */
  public Optional<Waiting> take(String uid) {
    Waiting known = all.get(uid);
    if (known != null) {
      active.remove(known);
      backingOff.remove(known);
      penalised.remove(known);
      unstick(uid);
    }
    return Optional.ofNullable(known);
  }

  /**
   * The next to be tried, in order of priority and age; it stays known until it is removed. When
   * there is nothing else to do, nobody has to wait for the end of a back-off.
   */
  public Optional<Waiting> poll(long nowNanos) {
    while (!backingOff.isEmpty()
        && (active.isEmpty() || backingOff.first().readyNanos() - nowNanos <= 0)) {
      Waiting early = Objects.requireNonNull(backingOff.pollFirst());
      activate(early);
      if (Active.hasQueue(early)) {
        activateQueued();
      }
    }
    while (!penalised.isEmpty() && penalised.first().readyNanos() - nowNanos <= 0) {
      activate(Objects.requireNonNull(penalised.pollFirst()));
    }
    return Optional.ofNullable(active.pollFirst());
  }

  /** Pods of queues come together, so that it is their shares that decide who is next. */
  private void activateQueued() {
    List<Waiting> queued = backingOff.stream().filter(Active::hasQueue).toList();
    queued.forEach(backingOff::remove);
    queued.forEach(this::activate);
  }

  /**
   * No node fits: it waits until something changes.
   *
   * @param refusers as {@link Waiting#refusers}
   */
  public void park(Waiting waiting, long refusers, long nowNanos) {
    if (all.containsKey(waiting.uid())) {
      Waiting tried = waiting.tried(ready(waiting, nowNanos), refusers);
      all.put(tried.uid(), tried);
      stuck.put(tried.uid(), tried);
      countStuck(tried, 1);
    }
  }

  /** A node is being cleared for it: it waits for that alone. */
  public void expect(Waiting waiting, long refusers, long nowNanos) {
    if (all.containsKey(waiting.uid())) {
      Waiting tried = waiting.tried(ready(waiting, nowNanos), refusers);
      all.put(tried.uid(), tried);
      expecting.put(tried.uid(), tried);
    }
  }

  private void unstick(String uid) {
    expecting.remove(uid);
    Waiting waiting = stuck.remove(uid);
    if (waiting != null) {
      countStuck(waiting, -1);
    }
  }

  private void countStuck(Waiting waiting, int difference) {
    for (long bits = waiting.refusers(); bits != 0; bits &= bits - 1) {
      stuckBy[Long.numberOfTrailingZeros(bits)] += difference;
    }
  }

  /** Whether one of the filters, a bit each, has refused a pod that is stuck. */
  public boolean isAnyStuckBy(long filters) {
    for (long bits = filters; bits != 0; bits &= bits - 1) {
      if (stuckBy[Long.numberOfTrailingZeros(bits)] > 0) {
        return true;
      }
    }
    return false;
  }

  private long ready(Waiting waiting, long nowNanos) {
    return nowNanos + backoff.after(waiting.attempts() + 1).toNanos();
  }

  /** Its binding was refused: it comes again after the back-off of one more try. */
  public void delay(Waiting before, long nowNanos) {
    Waiting now = all.get(before.uid());
    if (now != null) {
      remove(before.uid());
      Waiting tried =
          new Waiting(
              now.pod(),
              now.demand(),
              before.sinceNanos(),
              before.attempts() + 1,
              ready(before, nowNanos),
              -1);
      all.put(tried.uid(), tried);
      penalised.add(tried);
    }
  }

  /** Something changed that may help: all that are stuck come again, each after its back-off. */
  public void wake() {
    wakeIf(waiting -> true);
    wakeExpecting(waiting -> true);
  }

  /** Those of the pods that expect a node for which nothing is being cleared any more. */
  public void wakeExpecting(Predicate<Waiting> cleared) {
    expecting
        .values()
        .removeIf(
            waiting -> {
              boolean woken = cleared.test(waiting);
              if (woken) {
                backingOff.add(waiting);
              }
              return woken;
            });
  }

  /** The same for one pod, if it expects a node. */
  public void wakeExpecting(String uid) {
    Waiting waiting = expecting.remove(uid);
    if (waiting != null) {
      backingOff.add(waiting);
    }
  }

  /** The same for those that are stuck and that it may help. */
  public void wakeIf(Predicate<Waiting> helped) {
    if (stuck.isEmpty()) {
      return;
    }
    stuck
        .values()
        .removeIf(
            waiting -> {
              boolean woken = helped.test(waiting);
              if (woken) {
                countStuck(waiting, -1);
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
    if (!backingOff.isEmpty()) {
      return Optional.of(0L);
    }
    return penalised.isEmpty()
        ? Optional.empty()
        : Optional.of(Math.max(0, penalised.first().readyNanos() - nowNanos));
  }

  /** Whether nobody is to be tried at once. */
  public boolean isIdle() {
    return active.isEmpty();
  }

  /** The pods that no node fits now. */
  public List<Waiting> stuck() {
    List<Waiting> both = new ArrayList<>(stuck.values());
    both.addAll(expecting.values());
    return both;
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
