package dev.kapell.scheduler.why;

import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the filters say of every node about one demand; of a node that several refuse, what the
 * first of them says, as in Kubernetes.
 *
 * @param nodes how many were asked about
 * @param fitting the rows of those that no filter refuses
 * @param refusals the others, in the order of rows; empty when it is hopeless
 * @param hopeless why no node at all can fit
 */
public record Survey(
    int nodes, List<Integer> fitting, List<Refusal> refusals, Optional<String> hopeless) {
  /**
   * A node that does not fit.
   *
   * @param row its row
   * @param filter the place of the filter in the list of all; behind them all when it is none
   * @param reasons in Kubernetes' words, never empty
   * @param helped whether removing pods from the node might help
   */
  public record Refusal(int row, int filter, List<String> reasons, boolean helped) {}

  /** Copies. */
  public Survey {
    fitting = List.copyOf(fitting);
    refusals = List.copyOf(refusals);
  }

  /** Asks about all nodes. */
  public static Survey of(Demand demand, Plugins plugins, View view) {
    int nodes = view.cluster().nodeCount();
    List<Filter> filters = plugins.filters();
    List<Filter.Check> checks = filters.stream().map(f -> f.prepare(demand, view)).toList();
    Optional<String> hopeless = checks.stream().flatMap(c -> c.hopeless().stream()).findFirst();
    List<Integer> fitting = new ArrayList<>();
    List<Refusal> refusals = new ArrayList<>();
    if (hopeless.isEmpty()) {
      view.cluster()
          .forEachRow(
              row ->
                  first(row, filters, checks)
                      .ifPresentOrElse(refusals::add, () -> fitting.add(row)));
    }
    return new Survey(nodes, fitting, refusals, hopeless);
  }

  private static Optional<Refusal> first(int row, List<Filter> filters, List<Filter.Check> checks) {
    for (int i = 0; i < checks.size(); i++) {
      List<String> reasons = checks.get(i).reasons(row);
      if (!reasons.isEmpty()) {
        return Optional.of(
            new Refusal(row, i, List.copyOf(reasons), filters.get(i).isHelpedByPreemption()));
      }
    }
    return Optional.empty();
  }

  /**
   * The same where somebody besides the filters refuses every node that passes them.
   *
   * @param reason in Kubernetes' manner, as in {@code 2 node(s) were …}
   */
  public Survey refusing(String reason) {
    if (fitting.isEmpty()) {
      return this;
    }
    List<Refusal> all = new ArrayList<>(refusals);
    fitting.forEach(row -> all.add(new Refusal(row, Integer.MAX_VALUE, List.of(reason), false)));
    return new Survey(nodes, List.of(), all, hopeless);
  }

  /** How many nodes are refused for a reason; a node may have several. */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    refusals.forEach(
        refusal -> refusal.reasons().forEach(reason -> counts.merge(reason, 1, Integer::sum)));
    return counts;
  }

  /** The rows that removing pods might help. */
  public BitSet helpedRows() {
    BitSet rows = new BitSet();
    refusals.stream().filter(Refusal::helped).forEach(refusal -> rows.set(refusal.row()));
    return rows;
  }

  /**
   * In the words that people know from Kubernetes, ending with a full stop: {@code 0/3 nodes are
   * available: 1 Insufficient cpu, 2 node(s) were unschedulable.}
   */
  public String sentence() {
    if (nodes == 0) {
      return "no nodes available to schedule pods";
    }
    String parts =
        hopeless.orElseGet(
            () ->
                counts().entrySet().stream()
                    .map(entry -> entry.getValue() + " " + entry.getKey())
                    .sorted()
                    .collect(Collectors.joining(", ")));
    return fitting.size() + "/" + nodes + " nodes are available: " + parts + ".";
  }

  /** What the search for pods to make room came to, when it found none. */
  public String noVictims(boolean allowed) {
    if (nodes == 0) {
      return "";
    }
    if (!allowed) {
      return " preemption: not eligible due to preemptionPolicy=Never.";
    }
    int helped = helpedRows().cardinality();
    List<String> parts = new ArrayList<>();
    if (helped > 0) {
      parts.add(helped + " No preemption victims found for incoming pod");
    }
    if (nodes > helped) {
      parts.add((nodes - helped) + " Preemption is not helpful for scheduling");
    }
    return " preemption: 0/" + nodes + " nodes are available: " + String.join(", ", parts) + ".";
  }
}
