package dev.kapell.scheduler;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.Score;
import dev.kapell.scheduler.plugin.View;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * Which nodes fit one demand, and the best of them. When the answer for a node depends on that node
 * alone it is kept, and only rows that changed since are asked about again: the next pod of the
 * same template costs one row, not all. One thread's.
 */
final class Verdicts {
  private record Candidate(int row, double score, long stamp) {}

  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingDouble((Candidate c) -> -c.score()).thenComparingInt(Candidate::row);

  private final Demand demand;
  private final Plugins plugins;
  private final View view;
  private final PriorityQueue<Candidate> candidates = new PriorityQueue<>(BEST_FIRST);
  private long[] stamps = {};
  private long nextStamp = 1;
  private long seenUpTo = -1;

  Verdicts(Demand demand, Plugins plugins, View view) {
    this.demand = demand;
    this.plugins = plugins;
    this.view = view;
  }

  /** The best row that fits; empty when none does. */
  OptionalInt best() {
    Cluster cluster = view.cluster();
    Asked asked = Asked.of(demand, plugins, view);
    boolean local = demand.isLocal() && !cluster.hasRepellingPods() && demand.claims().isEmpty();
    stamps = Arrays.copyOf(stamps, Math.max(stamps.length, cluster.rows()));
    boolean byDifference =
        local && seenUpTo >= 0 && cluster.changedSince(seenUpTo, row -> judge(row, asked));
    if (!byDifference) {
      candidates.clear();
      cluster.forEachRow(row -> judge(row, asked));
    }
    seenUpTo = local ? cluster.now() : -1;
    while (!candidates.isEmpty()) {
      Candidate top = candidates.peek();
      if (stamps[top.row()] == top.stamp() && cluster.node(top.row()) != null) {
        return OptionalInt.of(top.row());
      }
      candidates.remove();
    }
    return OptionalInt.empty();
  }

  private void judge(int row, Asked asked) {
    long stamp = nextStamp++;
    stamps[row] = stamp;
    if (view.cluster().node(row) != null && asked.fits(row)) {
      candidates.add(new Candidate(row, asked.score(row), stamp));
    }
  }

  /** The plugins, prepared for one demand. */
  private record Asked(List<Filter.Check> checks, List<Score.Points> points, double[] weights) {
    static Asked of(Demand demand, Plugins plugins, View view) {
      return new Asked(
          plugins.filters().stream().map(f -> f.prepare(demand, view)).toList(),
          plugins.scores().stream().map(s -> s.prepare(demand, view)).toList(),
          plugins.scores().stream().mapToDouble(Score::weight).toArray());
    }

    boolean fits(int row) {
      for (Filter.Check check : checks) {
        if (!check.reasons(row).isEmpty()) {
          return false;
        }
      }
      return true;
    }

    double score(int row) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * points.get(i).of(row);
      }
      return sum;
    }
  }
}
