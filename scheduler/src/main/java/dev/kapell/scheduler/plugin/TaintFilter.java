package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.control.match.Tolerations;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;
import java.util.Objects;

/** Taints with NoSchedule or NoExecute keep pods away that do not tolerate them. */
final class TaintFilter implements Filter {
  @Override
  public Check prepare(Demand demand, View view) {
    return row -> {
      Node node = Objects.requireNonNull(view.cluster().node(row));
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
}
