package dev.kapell.scheduler;

import dev.kapell.scheduler.Preemption.Choice;
import dev.kapell.scheduler.cluster.Cluster;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * What making room costs on each node, for all demands of one shape and priority: a row is looked
 * at once, and again after it changed. One thread's.
 */
final class Prices {
  private final Cluster cluster;
  private final TreeSet<Choice> cheapest = new TreeSet<>();
  private final Map<Integer, Choice> byRow = new HashMap<>();
  private final BitSet seen = new BitSet();
  private long seenUpTo;

  Prices(Cluster cluster) {
    this.cluster = cluster;
    this.seenUpTo = cluster.now();
  }

  /**
   * The cheapest row.
   *
   * @param rows where it may be possible
   * @param enough so many possibilities are compared, if there are as many
   * @param look finds out about a row
   */
  Optional<Choice> cheapest(BitSet rows, int enough, IntFunction<Optional<Choice>> look) {
    BitSet changed = new BitSet();
    boolean known = cluster.changedSince(seenUpTo, changed::set);
    seenUpTo = cluster.now();
    if (!known) {
      changed.or(seen);
    }
    for (int row = changed.nextSetBit(0); row >= 0; row = changed.nextSetBit(row + 1)) {
      forget(row);
    }
    // Most have been seen: they are passed over many at once.
    BitSet unseen = (BitSet) rows.clone();
    unseen.andNot(seen);
    for (int next = unseen.nextSetBit(0);
        next >= 0 && byRow.size() < enough;
        next = unseen.nextSetBit(next + 1)) {
      int row = next;
      seen.set(row);
      look.apply(row)
          .ifPresent(
              choice -> {
                byRow.put(row, choice);
                cheapest.add(choice);
              });
    }
    return cheapest.isEmpty() ? Optional.empty() : Optional.of(cheapest.first());
  }

  /** Forgets what depends on budgets, which are not the same any more: everything. */
  void forgetProtected() {
    seen.clear();
    byRow.clear();
    cheapest.clear();
  }

  private void forget(int row) {
    seen.clear(row);
    Choice choice = byRow.remove(row);
    if (choice != null) {
      cheapest.remove(choice);
    }
  }
}
