package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile.PreemptionArguments;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Which less important pods have to go so that a more important one fits. Of the nodes where that
 * is possible, in this order: where the fewest disruption budgets are overdrawn, where the most
 * important victim is the least important, where their priorities add up to the least, where they
 * are the fewest, where the most important started last. Works on the cluster itself, and leaves it
 * as it was. One thread's.
 */
final class Preemption {
  private static final int KINDS = 16;

  /**
   * The node and what has to go from it. The best comes first.
   *
   * @param victims the most important first; empty when they are all on their way out already
   * @param price by which choices are compared: there are far more comparisons than choices
   */
  record Choice(int row, List<Pod> victims, Price price) implements Comparable<Choice> {
    /**
     * With its price.
     *
     * @param violations how many of the victims a budget protects
     */
    static Choice of(int row, List<Pod> victims, int violations) {
      return new Choice(row, victims, Price.of(victims, violations));
    }

    @Override
    public int compareTo(Choice other) {
      int compared = price.compareTo(other.price);
      return compared == 0 ? Integer.compare(row, other.row) : compared;
    }
  }

  private record Kind(Object shape, int priority) {}

  private final Plugins plugins;
  private final View view;
  private final PreemptionArguments arguments;
  private final BiPredicate<Demand, Placed> isLesser;
  private int start;
  private final Map<Kind, Prices> prices =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Prices> eldest) {
          return size() > KINDS;
        }
      };

  Preemption(Plugins plugins, View view) {
    this(plugins, view, PreemptionArguments.DEFAULT);
  }

  Preemption(Plugins plugins, View view, PreemptionArguments arguments) {
    this(
        plugins,
        view,
        arguments,
        (demand, placed) -> placed.demand().priority() < demand.priority());
  }

  /** With another idea of who may have to go for whom. */
  Preemption(
      Plugins plugins,
      View view,
      PreemptionArguments arguments,
      BiPredicate<Demand, Placed> isLesser) {
    this.plugins = plugins;
    this.view = view;
    this.arguments = arguments;
    this.isLesser = isLesser;
  }

  /** The best choice among the rows that removing pods might help. */
  Optional<Choice> choose(Demand demand, BitSet rows) {
    int enough = arguments.candidates(view.cluster().nodeCount());
    return view.cluster().trying(() -> choose(demand, rows, enough));
  }

  private Optional<Choice> choose(Demand demand, BitSet rows, int enough) {
    List<Filter.Check> local = checks(demand, true);
    boolean isLocal =
        plugins.filters().stream()
            .allMatch(f -> f.isLocal() || f.prepare(demand, view).equals(Filter.Check.PASS));
    if (isLocal) {
      Prices known =
          prices.computeIfAbsent(
              new Kind(demand.shape(), demand.priority()), kind -> new Prices(view.cluster()));
      return known.cheapest(rows, enough, row -> victims(demand, row, () -> local));
    }
    List<Choice> choices = new ArrayList<>();
    int[] all = rows.stream().toArray();
    for (int i = 0; i < all.length && choices.size() < enough; i++) {
      int row = all[(start + i) % all.length];
      victims(demand, row, () -> checks(demand, false)).ifPresent(choices::add);
    }
    start = all.length == 0 ? 0 : (start + choices.size()) % all.length;
    return choices.stream().min(Comparator.naturalOrder());
  }

  /** Budgets have changed: what was found out may no longer hold. */
  void budgetsChanged() {
    prices.values().forEach(Prices::forgetProtected);
  }

  private List<Filter.Check> checks(Demand demand, boolean onlyLocal) {
    return plugins.filters().stream()
        .filter(filter -> !onlyLocal || filter.isLocal())
        .map(filter -> filter.prepare(demand, view))
        .toList();
  }

  /** Says what a node asks of a demand, as the cluster is now. */
  @FunctionalInterface
  private interface Rules {
    List<Filter.Check> checks();
  }

  private Optional<Choice> victims(Demand demand, int row, Rules rules) {
    Cluster cluster = view.cluster();
    if (cluster.node(row) == null) {
      return Optional.empty();
    }
    List<Placed> lesser =
        cluster.pods(row).stream().filter(placed -> isLesser.test(demand, placed)).toList();
    if (lesser.isEmpty()) {
      return Optional.empty();
    }
    List<Placed> coming =
        cluster.nominated(row).stream()
            .filter(p -> p.demand().priority() >= demand.priority())
            .filter(p -> cluster.placed(p.uid()).isEmpty())
            .toList();
    coming.forEach(cluster::restore);
    lesser.forEach(placed -> cluster.removePod(placed.pod()));
    try {
      return fits(row, rules) ? Optional.of(spare(sorted(lesser), row, rules)) : Optional.empty();
    } finally {
      lesser.stream().filter(p -> cluster.placed(p.uid()).isEmpty()).forEach(cluster::restore);
      coming.forEach(placed -> cluster.removePod(placed.pod()));
    }
  }

  /** The most important first; of equal ones, those that have run longest. */
  private static List<Placed> sorted(List<Placed> pods) {
    List<Placed> sorted = new ArrayList<>(pods);
    sorted.sort(
        Comparator.comparingInt((Placed p) -> -p.demand().priority())
            .thenComparing(p -> p.pod().status().startTimeOr(Instant.MAX)));
    return sorted;
  }

  /**
   * Puts back what may stay: first those that a budget protects, each time the most important
   * first.
   */
  private Choice spare(List<Placed> lesser, int row, Rules rules) {
    Set<String> shielded = view.budgets().violating(lesser.stream().map(Placed::pod).toList());
    List<Placed> order = new ArrayList<>(lesser);
    order.sort(Comparator.comparing(placed -> !shielded.contains(placed.uid())));
    List<Placed> victims = new ArrayList<>();
    int violations = 0;
    for (Placed placed : order) {
      view.cluster().restore(placed);
      if (!fits(row, rules)) {
        view.cluster().removePod(placed.pod());
        victims.add(placed);
        violations += shielded.contains(placed.uid()) ? 1 : 0;
      }
    }
    return Choice.of(row, sorted(victims).stream().map(Placed::pod).toList(), violations);
  }

  private static boolean fits(int row, Rules rules) {
    for (Filter.Check check : rules.checks()) {
      if (!check.reasons(row).isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
