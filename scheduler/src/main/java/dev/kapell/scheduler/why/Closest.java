package dev.kapell.scheduler.why;

import dev.kapell.api.core.v1.Node;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A node that nearly fits: everything that all filters say against it, and what is missing there.
 *
 * @param node its name
 * @param reasons in Kubernetes' words
 * @param lacks the resources of which it has too little
 */
public record Closest(String node, List<String> reasons, List<Lack> lacks) {
  /** So many nodes are compared. */
  private static final int MOST = 200;

  /** Copies. */
  public Closest {
    reasons = List.copyOf(reasons);
    lacks = List.copyOf(lacks);
  }

  /**
   * A resource that does not suffice.
   *
   * @param resource for instance {@code cpu}
   * @param needs what the pod asks for
   * @param free what is left on the node
   * @param total what the node has
   * @param missing the difference
   * @param share the difference as a share of what the node has
   * @param isTooSmall whether the node would be too small without any pod on it
   */
  public record Lack(
      String resource,
      String needs,
      String free,
      String total,
      String missing,
      double share,
      boolean isTooSmall) {
    private static Lack of(Demand demand, Cluster cluster, int row, int column) {
      ResourceNames names = cluster.names();
      long total = cluster.allocatable(row, column);
      long free = Math.max(0, total - cluster.requested(row, column));
      long needs = demand.request(column);
      long missing = needs - free;
      return new Lack(
          names.name(column),
          new Amount(names, column, needs).atLeast(),
          new Amount(names, column, free).atMost(),
          new Amount(names, column, total).atMost(),
          new Amount(names, column, missing).atLeast(),
          (double) missing / Math.max(1, total),
          needs > total);
    }

    private String text() {
      return resource.equals("pods")
          ? "room for another pod (it takes " + total + ")"
          : missing + " " + resource + " (asked " + needs + ", free " + free + ")";
    }
  }

  /** The closest of those that got furthest through the filters. */
  public static Optional<Closest> of(Survey survey, Demand demand, Plugins plugins, View view) {
    int furthest = survey.refusals().stream().mapToInt(Survey.Refusal::filter).max().orElse(-1);
    return among(
        survey.refusals().stream().filter(r -> r.filter() == furthest).toList(),
        demand,
        plugins,
        view);
  }

  /** The closest of some: the fewest reasons against it, then the least that is missing. */
  static Optional<Closest> among(
      List<Survey.Refusal> refusals, Demand demand, Plugins plugins, View view) {
    List<Filter.Check> checks =
        plugins.filters().stream().map(f -> f.prepare(demand, view)).toList();
    return refusals.stream()
        .limit(MOST)
        .map(refusal -> at(refusal.row(), checks, demand, view.cluster()))
        .min(
            Comparator.comparingInt((Closest c) -> c.reasons().size())
                .thenComparingDouble(Closest::missingShare)
                .thenComparing(Closest::node));
  }

  private static Closest at(int row, List<Filter.Check> checks, Demand demand, Cluster cluster) {
    List<String> reasons = new ArrayList<>();
    checks.forEach(check -> reasons.addAll(check.reasons(row)));
    List<Lack> lacks = new ArrayList<>();
    for (int column = 0; column < demand.columns(); column++) {
      if (reasons.contains(tooLittle(cluster.names(), column))) {
        lacks.add(Lack.of(demand, cluster, row, column));
      }
    }
    Node node = Objects.requireNonNull(cluster.node(row));
    return new Closest(node.metadata().nameOr(""), reasons.stream().distinct().toList(), lacks);
  }

  /** How the filter of resources says that a column does not suffice. */
  private static String tooLittle(ResourceNames names, int column) {
    return column == ResourceNames.PODS ? "Too many pods" : "Insufficient " + names.name(column);
  }

  private double missingShare() {
    return lacks.stream().mapToDouble(Lack::share).sum();
  }

  /** In one sentence: {@code The closest is node-b, which lacks 800m cpu (asked 2, free 1.2).} */
  public String sentence() {
    if (lacks.isEmpty()) {
      return "";
    }
    String parts = lacks.stream().map(Lack::text).collect(Collectors.joining(" and "));
    return " The closest is " + node + ", which lacks " + parts + ".";
  }
}
