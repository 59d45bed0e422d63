package dev.kapell.scheduler.choice;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.Score;
import dev.kapell.scheduler.plugin.View;
import java.util.ArrayList;
import java.util.List;

/**
 * The plugins of one kind, prepared for one demand; those that have nothing to say are left out.
 *
 * @param numbers of the checks: their places in the list of all filters
 */
@SuppressWarnings("ArrayRecordComponent") // made for one pod and never compared
record Asked(Filter.Check[] checks, int[] numbers, Score.Points[] points, double[] weights) {
  static final int FITS = -1;

  static Asked of(Plugins plugins, boolean local, Demand demand, View view) {
    List<Filter.Check> checks = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < plugins.filters().size(); i++) {
      Filter filter = plugins.filters().get(i);
      if (filter.isLocal() == local) {
        Filter.Check check = filter.prepare(demand, view);
        if (!check.equals(Filter.Check.PASS)) {
          checks.add(check);
          numbers.add(i);
        }
      }
    }
    List<Score.Points> points = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    for (Score score : plugins.scores()) {
      if (score.isLocal() == local) {
        Score.Points one = score.prepare(demand, view);
        if (!one.equals(Score.Points.NONE)) {
          points.add(one);
          weights.add(score.weight());
        }
      }
    }
    return new Asked(
        checks.toArray(Filter.Check[]::new),
        numbers.stream().mapToInt(i -> i).toArray(),
        points.toArray(Score.Points[]::new),
        weights.stream().mapToDouble(w -> w).toArray());
  }

  boolean isEmpty() {
    return checks.length == 0 && points.length == 0;
  }

  /** The number of the first filter that refuses the row, or {@link #FITS}. */
  int refuser(int row) {
    for (int i = 0; i < checks.length; i++) {
      if (!checks[i].reasons(row).isEmpty()) {
        return numbers[i];
      }
    }
    return FITS;
  }

  /** Those of some rows of a block that no filter refuses, as {@link Filter.Check#fitting}. */
  int fitting(int block, int among) {
    int fitting = among;
    for (int i = 0; i < checks.length && fitting != 0; i++) {
      fitting = checks[i].fitting(block, fitting);
    }
    return fitting;
  }

  double score(int row) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * points[i].of(row);
    }
    return sum;
  }

  /**
   * The place of the first filter that refuses the row when the pods that are to come there count
   * as well, or {@link #FITS}. A pod's own nomination does not count.
   *
   * @param filters those that are asked
   */
  static int refuserWithNominated(
      List<Filter> filters, Demand demand, View view, int row, String ownUid) {
    Cluster cluster = view.cluster();
    List<Placed> coming =
        cluster.nominated(row).stream()
            .filter(p -> p.demand().priority() >= demand.priority() && !p.uid().equals(ownUid))
            .filter(p -> cluster.placed(p.uid()).isEmpty())
            .toList();
    if (coming.isEmpty()) {
      return FITS;
    }
    return cluster.trying(
        () -> {
          coming.forEach(cluster::restore);
          try {
            return first(filters, demand, view, row);
          } finally {
            coming.forEach(placed -> cluster.removePod(placed.pod()));
          }
        });
  }

  private static int first(List<Filter> filters, Demand demand, View view, int row) {
    for (int i = 0; i < filters.size(); i++) {
      if (!filters.get(i).prepare(demand, view).reasons(row).isEmpty()) {
        return i;
      }
    }
    return FITS;
  }
}
