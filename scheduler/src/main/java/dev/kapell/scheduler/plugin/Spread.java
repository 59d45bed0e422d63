package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.control.match.Selectors;
import dev.kapell.control.match.Tolerations;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How many pods that a spread constraint counts are in each domain.
 *
 * @param countByDomain only domains with an eligible node
 * @param own 1 when the constraint also counts the pod that is to be placed
 */
record Spread(TopologySpreadConstraint constraint, Map<String, Integer> countByDomain, int own) {
  static List<Spread> of(Demand demand, View view, String whenUnsatisfiable) {
    List<TopologySpreadConstraint> constraints =
        demand.spread().stream()
            .filter(c -> c.whenUnsatisfiableOr("DoNotSchedule").equals(whenUnsatisfiable))
            .toList();
    return constraints.stream().map(c -> count(c, constraints, demand, view)).toList();
  }

  private static Spread count(
      TopologySpreadConstraint constraint,
      List<TopologySpreadConstraint> all,
      Demand demand,
      View view) {
    Cluster cluster = view.cluster();
    Map<String, Integer> counts = new HashMap<>();
    cluster.forEachRow(
        row -> {
          Node node = Objects.requireNonNull(cluster.node(row));
          Map<String, String> labels = node.metadata().labels();
          boolean eligible =
              all.stream().allMatch(c -> labels.containsKey(c.topologyKeyOr("")))
                  && isEligible(constraint, demand, node);
          if (eligible) {
            int here = 0;
            for (Placed placed : cluster.pods(row)) {
              here += isCounted(constraint, demand, placed) ? 1 : 0;
            }
            counts.merge(labels.get(constraint.topologyKeyOr("")), here, Integer::sum);
          }
        });
    boolean own = Selectors.matches(constraint.labelSelector(), demand.labels());
    return new Spread(constraint, counts, own ? 1 : 0);
  }

  private static boolean isEligible(TopologySpreadConstraint constraint, Demand demand, Node node) {
    boolean byAffinity =
        constraint.nodeAffinityPolicyOr("Honor").equals("Ignore")
            || NodeSelection.allows(demand.nodeSelector(), demand.affinity(), node);
    boolean byTaints =
        !constraint.nodeTaintsPolicyOr("Ignore").equals("Honor")
            || Tolerations.firstUntolerated(node.spec().taints(), demand.tolerations()).isEmpty();
    return byAffinity && byTaints;
  }

  private static boolean isCounted(
      TopologySpreadConstraint constraint, Demand demand, Placed placed) {
    Map<String, String> labels = placed.pod().metadata().labels();
    return placed.demand().namespace().equals(demand.namespace())
        && placed.pod().metadata().deletionTimestamp() == null
        && Selectors.matches(constraint.labelSelector(), labels)
        && Terms.agree(constraint.matchLabelKeys(), demand.labels(), labels, true);
  }

  /** The fewest in any domain; none when there are fewer domains than are asked for. */
  int fewest() {
    if (countByDomain.size() < constraint.minDomainsOr(1)) {
      return 0;
    }
    return countByDomain.values().stream().mapToInt(i -> i).min().orElse(0);
  }

  /** The most in any domain. */
  int most() {
    return countByDomain.values().stream().mapToInt(i -> i).max().orElse(0);
  }
}
