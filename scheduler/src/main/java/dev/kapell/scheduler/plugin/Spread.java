package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.control.match.Selectors;
import dev.kapell.scheduler.cluster.Counted;
import dev.kapell.scheduler.cluster.NodeGroup;
import dev.kapell.scheduler.cluster.Tally;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.PodTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A spread constraint of one demand, and where the pods are that it counts.
 *
 * @param own 1 when it also counts the pod that is to be placed
 */
record Spread(TopologySpreadConstraint constraint, Tally tally, int own) {
  static final String REQUIRED = "DoNotSchedule";
  static final String WISHED = "ScheduleAnyway";
  private static final All NONE = new All(List.of(), false);

  /**
   * The constraints of one kind.
   *
   * @param needsLabels whether a node without some of the labels does not count at all
   */
  record All(List<Spread> spreads, boolean needsLabels) {
    boolean hasLabels(int row) {
      for (Spread spread : spreads) {
        if (!spread.tally().hasDomain(row)) {
          return false;
        }
      }
      return true;
    }
  }

  static All of(Demand demand, View view, SpreadArguments arguments, String whenUnsatisfiable) {
    boolean own = !demand.spread().isEmpty();
    if (!own && arguments.constraints().isEmpty()) {
      return NONE;
    }
    List<TopologySpreadConstraint> constraints =
        (own ? demand.spread() : arguments.constraints())
            .stream()
                .filter(c -> c.whenUnsatisfiableOr(REQUIRED).equals(whenUnsatisfiable))
                .toList();
    boolean needsLabels = own || arguments.needsLabels();
    if (constraints.isEmpty()) {
      return NONE;
    }
    if (!own) {
      Optional<LabelSelector> selector = view.owners().selector(demand);
      if (selector.isEmpty()) {
        return NONE;
      }
      constraints = constraints.stream().map(c -> c.withLabelSelector(selector.get())).toList();
    }
    List<String> labels =
        needsLabels ? constraints.stream().map(c -> c.topologyKeyOr("")).toList() : List.of();
    List<Spread> spreads = new ArrayList<>();
    for (TopologySpreadConstraint constraint : constraints) {
      spreads.add(count(constraint, labels, demand, view));
    }
    return new All(List.copyOf(spreads), needsLabels);
  }

  private static Spread count(
      TopologySpreadConstraint constraint, List<String> labels, Demand demand, View view) {
    LabelSelector selector = selector(constraint, demand);
    Counted.Matching counted =
        new Counted.Matching(List.of(PodTerm.in(demand.namespace(), selector)), true);
    boolean byAffinity = !constraint.nodeAffinityPolicyOr("Honor").equals("Ignore");
    boolean byTaints = constraint.nodeTaintsPolicyOr("Ignore").equals("Honor");
    NodeGroup group =
        new NodeGroup(
            labels,
            byAffinity ? demand.nodeSelector() : Map.of(),
            byAffinity ? demand.requiredNodes() : null,
            byTaints ? demand.tolerations() : null);
    Tally tally = view.cluster().tally(counted, constraint.topologyKeyOr(""), group);
    return new Spread(constraint, tally, Selectors.matches(selector, demand.labels()) ? 1 : 0);
  }

  private static LabelSelector selector(TopologySpreadConstraint constraint, Demand demand) {
    LabelSelector selector =
        PodTerm.with(
            constraint.labelSelector(), constraint.matchLabelKeys(), "In", demand.labels());
    // Without a selector no pod counts: that is what one that nothing matches says, too.
    return selector == null
        ? LabelSelector.builder().matchLabels(Map.of("", "")).build()
        : selector;
  }

  /** The most pods in a domain to which one more may come. */
  int limit() {
    int fewest = tally.domainCount() < constraint.minDomainsOr(1) ? 0 : tally.fewest();
    return constraint.maxSkewOr(1) + fewest - own;
  }
}
