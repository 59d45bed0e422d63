package dev.kapell.scheduler.queue;

import dev.kapell.control.match.BatchMarks;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Pods that are due, by priority and age; where it is the turn of one that belongs to a queue, the
 * first of the queue with the smallest share comes. One thread's.
 */
final class Active {
  private static final Comparator<Waiting> ORDER =
      Comparator.comparingInt((Waiting w) -> -w.demand().priority())
          .thenComparingLong(Waiting::sinceNanos)
          .thenComparing(Waiting::uid);

  private final ToDoubleFunction<String> shares;
  private final TreeSet<Waiting> all = new TreeSet<>(ORDER);
  private final Map<String, TreeSet<Waiting>> lanes = new HashMap<>();

  /** {@code shares} tells how much a queue has. */
  Active(ToDoubleFunction<String> shares) {
    this.shares = shares;
  }

  private static String queue(Waiting waiting) {
    return waiting.demand().labels().getOrDefault(BatchMarks.QUEUE, "");
  }

  static boolean hasQueue(Waiting waiting) {
    return !queue(waiting).isEmpty();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  void add(Waiting waiting) {
    all.add(waiting);
    String queue = queue(waiting);
    if (!queue.isEmpty()) {
      lanes.computeIfAbsent(queue, name -> new TreeSet<>(ORDER)).add(waiting);
    }
  }

  boolean remove(Waiting waiting) {
    String queue = queue(waiting);
    TreeSet<Waiting> lane = lanes.get(queue);
    if (lane != null && lane.remove(waiting) && lane.isEmpty()) {
      lanes.remove(queue);
    }
    return all.remove(waiting);
  }

  /** The next, which is then no longer here; null when there is none. */
  @Nullable Waiting pollFirst() {
    if (all.isEmpty()) {
      return null;
    }
    Waiting next = all.first();
    if (lanes.size() > 1 && !queue(next).isEmpty()) {
      next =
          lanes.values().stream()
              .map(TreeSet::first)
              .min(
                  Comparator.comparingDouble((Waiting w) -> shares.applyAsDouble(queue(w)))
                      .thenComparing(ORDER))
              .orElse(next);
    }
    remove(next);
    return next;
  }
}
