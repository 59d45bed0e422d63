package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which less important pods have to go so that a more important one fits: on the node where the
 * most important victim is the least important, then where they are the fewest. Works on the
 * cluster itself, and leaves it as it was. One thread's.
 */
final class Preemption {
  /** Nodes beyond so many candidates are not looked at. */
  private static final int MOST_NODES = 100;

  /**
   * The node and what has to go from it.
   *
   * @param victims empty when they are all on their way out already
   */
  record Choice(int row, List<Pod> victims) {
    int highestPriority() {
      return victims.stream().mapToInt(p -> p.spec().priorityOr(0)).max().orElse(Integer.MIN_VALUE);
    }
  }

  private final Plugins plugins;
  private final View view;

  Preemption(Plugins plugins, View view) {
    this.plugins = plugins;
    this.view = view;
  }

  /** The best choice among the rows that removing pods might help. */
  Optional<Choice> choose(Demand demand, List<Integer> rows) {
    List<Choice> choices = new ArrayList<>();
    for (int row : rows) {
      victims(demand, row).ifPresent(victims -> choices.add(new Choice(row, victims)));
      if (choices.size() == MOST_NODES) {
        break;
      }
    }
    return choices.stream()
        .min(
            Comparator.comparingInt(Choice::highestPriority)
                .thenComparingInt(choice -> choice.victims().size())
                .thenComparingInt(Choice::row));
  }

  private Optional<List<Pod>> victims(Demand demand, int row) {
    Cluster cluster = view.cluster();
    List<Placed> lesser =
        cluster.pods(row).stream().filter(p -> p.demand().priority() < demand.priority()).toList();
    if (lesser.isEmpty()) {
      return Optional.empty();
    }
    lesser.forEach(placed -> cluster.removePod(placed.pod()));
    if (!fits(demand, row)) {
      lesser.forEach(this::restore);
      return Optional.empty();
    }
    // The most important come back first, as long as the pod still fits.
    List<Placed> sorted = new ArrayList<>(lesser);
    sorted.sort(
        Comparator.comparingInt((Placed p) -> -p.demand().priority())
            .thenComparing(p -> p.pod().status().startTimeOr(Instant.MAX)));
    List<Placed> victims = new ArrayList<>();
    for (Placed placed : sorted) {
      restore(placed);
      if (!fits(demand, row)) {
        cluster.removePod(placed.pod());
        victims.add(placed);
      }
    }
    victims.forEach(this::restore);
    return Optional.of(victims.stream().map(Placed::pod).toList());
  }

  private void restore(Placed placed) {
    if (placed.confirmed()) {
      view.cluster().putPod(placed.pod());
    } else {
      view.cluster().assume(placed.pod(), placed.demand(), placed.row());
    }
  }

  private boolean fits(Demand demand, int row) {
    for (Filter filter : plugins.filters()) {
      if (!filter.prepare(demand, view).reasons(row).isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
