package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PreferredSchedulingTerm;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;
import java.util.Objects;

/** Preferred node affinity: the share of the weights that the node fulfils. */
final class NodeAffinityScore implements Score {
  @Override
  public Points prepare(Demand demand, View view) {
    Affinity affinity = demand.affinity();
    if (affinity == null || affinity.nodeAffinity() == null) {
      return Points.NONE;
    }
    List<PreferredSchedulingTerm> terms =
        affinity.nodeAffinity().preferredDuringSchedulingIgnoredDuringExecution();
    int total = terms.stream().mapToInt(t -> t.weightOr(1)).sum();
    if (total == 0) {
      return Points.NONE;
    }
    return row -> {
      Node node = Objects.requireNonNull(view.cluster().node(row));
      int sum = 0;
      for (PreferredSchedulingTerm term : terms) {
        if (term.preference() != null && NodeSelection.matches(term.preference(), node)) {
          sum += term.weightOr(1);
        }
      }
      return 100.0 * sum / total;
    };
  }

  @Override
  public int weight() {
    return 2;
  }
}
