package dev.kapell.scheduler.choice;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import java.util.Arrays;
import java.util.List;

/**
 * What is known of the rows for all demands of one shape and priority, from what depends on a row
 * alone. A row is looked at when it is needed, and again after it changed. One thread's.
 */
final class RowVerdicts {
  /** So many changed rows are looked at again at once; others when they are needed. */
  private static final int AT_ONCE = 16;

  /** In place of a refusing filter: the row has no node. */
  static final int NO_NODE = -2;

  private final Plugins plugins;
  private final View view;

  /** What depends on a row alone, prepared once: it is the same for all demands of the shape. */
  private final Asked asked;

  private final RowHeap fitting = new RowHeap();
  private final RowSet unseen = new RowSet();
  private final RowSet fits = new RowSet();
  private int[] refusers = {};
  private double[] scores = {};
  private final int[] refused;
  private int known;
  private int cursor;
  private long seenUpTo = -1;

  /** For all demands of this one's shape and priority. */
  RowVerdicts(Plugins plugins, View view, Demand demand) {
    this.plugins = plugins;
    this.view = view;
    this.asked = Asked.of(plugins, true, demand, view);
    this.refused = new int[plugins.filters().size()];
  }

  /** Forgets what changed since the last time. */
  void refresh(Demand demand) {
    Cluster cluster = view.cluster();
    int rows = cluster.rows();
    if (rows > known) {
      refusers = Arrays.copyOf(refusers, Math.max(rows, 16));
      scores = Arrays.copyOf(scores, refusers.length);
      Arrays.fill(refusers, known, rows, Asked.FITS);
      for (int row = known; row < rows; row++) {
        unseen.set(row);
      }
      known = rows;
    }
    int[] left = {AT_ONCE};
    boolean all =
        seenUpTo >= 0
            && cluster.changedSince(
                seenUpTo,
                row -> {
                  if (!unseen.get(row)) {
                    forget(row);
                    if (left[0]-- > 0) {
                      judge(row, demand);
                    }
                  }
                });
    if (!all) {
      for (int row = 0; row < known; row++) {
        if (!unseen.get(row)) {
          forget(row);
        }
      }
    }
    seenUpTo = cluster.now();
  }

  private void forget(int row) {
    if (refusers[row] == Asked.FITS) {
      fitting.remove(row);
      fits.clear(row);
    } else if (refusers[row] != NO_NODE) {
      refused[refusers[row]]--;
    }
    refusers[row] = Asked.FITS;
    unseen.set(row);
  }

  /** Looks at rows that nobody has looked at, until {@code enough} fit and {@code more} besides. */
  void look(int enough, int more, Demand demand) {
    int extra = more;
    while (!unseen.isEmpty() && (fitting.size() < enough || extra-- > 0)) {
      int row = unseen.next(cursor);
      if (row < 0) {
        row = unseen.next(0);
      }
      cursor = row + 1;
      judge(row, demand);
    }
  }

  /** The number of the filter that refuses the row, {@link Asked#FITS} or {@link #NO_NODE}. */
  int refuser(int row, Demand demand) {
    if (unseen.get(row)) {
      judge(row, demand);
    }
    return refusers[row];
  }

  /** The rows of a block that no filter refuses, a bit for each. */
  int fitting(int block, Demand demand) {
    for (int left = unseen.block(block); left != 0; left &= left - 1) {
      judge(block * Cluster.BLOCK + Integer.numberOfTrailingZeros(left), demand);
    }
    return fits.block(block);
  }

  /** What depends on a row alone. */
  Asked asked() {
    return asked;
  }

  double score(int row) {
    return scores[row];
  }

  /** The best row of those looked at; there has to be one. */
  int best() {
    return fitting.top();
  }

  boolean isEmpty() {
    return fitting.size() == 0;
  }

  /** A bit for each filter that refuses some row. */
  long refusers() {
    long bits = 0;
    for (int i = 0; i < refused.length; i++) {
      bits |= refused[i] > 0 ? 1L << i : 0;
    }
    return bits;
  }

  private void judge(int row, Demand demand) {
    unseen.clear(row);
    if (view.cluster().node(row) == null) {
      refusers[row] = NO_NODE;
      return;
    }
    int refuser = asked.refuser(row);
    if (refuser == Asked.FITS && view.cluster().hasNominations()) {
      refuser = withNominated(row, demand);
    }
    refusers[row] = refuser;
    if (refuser == Asked.FITS) {
      scores[row] = asked.score(row);
      fitting.put(row, scores[row]);
      fits.set(row);
    } else {
      refused[refuser]++;
    }
  }

  /** Asks only filters whose answer holds for all demands of the shape. */
  private int withNominated(int row, Demand demand) {
    List<Filter> local = plugins.filters().stream().filter(Filter::isLocal).toList();
    int refuser = Asked.refuserWithNominated(local, demand, view, row, "");
    return refuser == Asked.FITS ? refuser : plugins.filters().indexOf(local.get(refuser));
  }
}
