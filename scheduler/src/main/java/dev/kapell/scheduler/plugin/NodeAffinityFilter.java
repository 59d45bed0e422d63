package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;
import java.util.Objects;

/** {@code nodeSelector} and required node affinity. */
final class NodeAffinityFilter implements Filter {
  private static final List<String> REASON =
      List.of("node(s) didn't match Pod's node affinity/selector");

  @Override
  public Check prepare(Demand demand, View view) {
    if (demand.nodeSelector().isEmpty() && demand.affinity() == null) {
      return Check.PASS;
    }
    return row -> {
      Node node = Objects.requireNonNull(view.cluster().node(row));
      return NodeSelection.allows(demand.nodeSelector(), demand.affinity(), node)
          ? List.of()
          : REASON;
    };
  }

  @Override
  public boolean isHelpedByPreemption() {
    return false;
  }
}
