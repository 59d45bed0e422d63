package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.control.match.Selectors;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code nodeSelector} and required node affinity.
 *
 * @param added what every pod has to fulfil besides
 */
record NodeAffinityFilter(Optional<NodeAffinity> added) implements Filter {
  private static final List<String> REASON =
      List.of("node(s) didn't match Pod's node affinity/selector");
  private static final List<String> ENFORCED =
      List.of("node(s) didn't match scheduler-enforced node affinity");

  @Override
  public String name() {
    return "NodeAffinity";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    NodeSelector required = demand.requiredNodes();
    NodeSelector enforced =
        added.map(NodeAffinity::requiredDuringSchedulingIgnoredDuringExecution).orElse(null);
    if (demand.nodeSelector().isEmpty() && required == null && enforced == null) {
      return Check.PASS;
    }
    return row -> {
      Node node = view.cluster().nodeOf(row);
      if (enforced != null && !NodeSelection.matches(enforced, node)) {
        return ENFORCED;
      }
      return allows(demand, required, node) ? List.of() : REASON;
    };
  }

  private static boolean allows(Demand demand, @Nullable NodeSelector required, Node node) {
    return Selectors.includes(node.metadata().labels(), demand.nodeSelector())
        && (required == null || NodeSelection.matches(required, node));
  }

  @Override
  public boolean isHelpedByPreemption() {
    return false;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed -> allows(demand, demand.requiredNodes(), changed.node());
      case Event.Unknown unknown -> true;
      case Event.PodGone gone -> false;
      case Event.PodPlaced placed -> false;
      case Event.PodRelabelled relabelled -> false;
      case Event.StorageChanged storage -> false;
      case Event.DevicesChanged devices -> false;
    };
  }
}
