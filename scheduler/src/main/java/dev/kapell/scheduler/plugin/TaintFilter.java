package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.control.match.Tolerations;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;

/** Taints with NoSchedule or NoExecute keep pods away that do not tolerate them. */
final class TaintFilter implements Filter {
  @Override
  public String name() {
    return "TaintToleration";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    return row -> {
      Node node = view.cluster().nodeOf(row);
      if (node.spec().taints().isEmpty()) {
        return List.of();
      }
      return Tolerations.firstUntolerated(node.spec().taints(), demand.tolerations())
          .map(
              taint ->
                  List.of(
                      "node(s) had untolerated taint {"
                          + taint.keyOr("")
                          + ": "
                          + taint.valueOr("")
                          + "}"))
          .orElse(List.of());
    };
  }

  @Override
  public boolean isHelpedByPreemption() {
    return false;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed ->
          Tolerations.firstUntolerated(changed.node().spec().taints(), demand.tolerations())
              .isEmpty();
      case Event.Unknown unknown -> true;
      case Event.PodGone gone -> false;
      case Event.PodPlaced placed -> false;
      case Event.PodRelabelled relabelled -> false;
      case Event.StorageChanged storage -> false;
      case Event.DevicesChanged devices -> false;
    };
  }
}
