package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Taint;
import dev.kapell.control.match.Tolerations;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;

/** Nodes that are cordoned take only pods that tolerate it. */
final class UnschedulableFilter implements Filter {
  private static final List<String> REASON = List.of("node(s) were unschedulable");
  private static final Taint CORDONED =
      Taint.builder().key("node.kubernetes.io/unschedulable").effect("NoSchedule").build();

  @Override
  public String name() {
    return "NodeUnschedulable";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    if (Tolerations.tolerate(demand.tolerations(), CORDONED)) {
      return Check.PASS;
    }
    return row -> view.cluster().nodeOf(row).spec().unschedulableOr(false) ? REASON : List.of();
  }

  @Override
  public boolean isHelpedByPreemption() {
    return false;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed -> !changed.node().spec().unschedulableOr(false);
      case Event.Unknown unknown -> true;
      case Event.PodGone gone -> false;
      case Event.PodPlaced placed -> false;
      case Event.PodRelabelled relabelled -> false;
      case Event.StorageChanged storage -> false;
      case Event.DevicesChanged devices -> false;
    };
  }
}
