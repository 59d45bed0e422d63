package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Taint;
import dev.kapell.control.match.Tolerations;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;
import java.util.Objects;

/** Nodes that are cordoned take only pods that tolerate it. */
final class UnschedulableFilter implements Filter {
  private static final List<String> REASON = List.of("node(s) were unschedulable");
  private static final Taint CORDONED =
      Taint.builder().key("node.kubernetes.io/unschedulable").effect("NoSchedule").build();

  @Override
  public Check prepare(Demand demand, View view) {
    if (Tolerations.tolerate(demand.tolerations(), CORDONED)) {
      return Check.PASS;
    }
    return row -> {
      Node node = Objects.requireNonNull(view.cluster().node(row));
      return node.spec().unschedulableOr(false) ? REASON : List.of();
    };
  }

  @Override
  public boolean isHelpedByPreemption() {
    return false;
  }
}
