package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.api.core.v1.PreferredSchedulingTerm;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.scheduler.demand.Demand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Preferred node affinity: the share of the weights that the node fulfils.
 *
 * @param added what every pod prefers besides
 */
record NodeAffinityScore(Optional<NodeAffinity> added) implements Score {
  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public Points prepare(Demand demand, View view) {
    Affinity affinity = demand.affinity();
    List<PreferredSchedulingTerm> terms = new ArrayList<>();
    add(terms, added.orElse(null));
    add(terms, affinity == null ? null : affinity.nodeAffinity());
    int total = terms.stream().mapToInt(t -> t.weightOr(1)).sum();
    if (total == 0) {
      return Points.NONE;
    }
    return row -> {
      Node node = view.cluster().nodeOf(row);
      int sum = 0;
      for (PreferredSchedulingTerm term : terms) {
        if (term.preference() != null && NodeSelection.matches(term.preference(), node)) {
          sum += term.weightOr(1);
        }
      }
      return 100.0 * sum / total;
    };
  }

  private static void add(List<PreferredSchedulingTerm> terms, @Nullable NodeAffinity affinity) {
    if (affinity != null) {
      terms.addAll(affinity.preferredDuringSchedulingIgnoredDuringExecution());
    }
  }

  @Override
  public int weight() {
    return 2;
  }
}
