package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;
import java.util.List;

/** Ports of the node that a container wants for itself. */
final class PortFilter implements Filter {
  private static final List<String> REASON =
      List.of("node(s) didn't have free ports for the requested pod ports");

  @Override
  public String name() {
    return "NodePorts";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    if (demand.ports().isEmpty()) {
      return Check.PASS;
    }
    return row -> view.cluster().isPortTaken(row, demand.ports()) ? REASON : List.of();
  }

  @Override
  public boolean isHelpedByPreemption() {
    return true;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed -> changed.isNew();
      case Event.PodGone gone ->
          gone.pod().ports().stream()
              .anyMatch(port -> demand.ports().stream().anyMatch(port::conflictsWith));
      case Event.Unknown unknown -> true;
      case Event.PodPlaced placed -> false;
      case Event.PodRelabelled relabelled -> false;
      case Event.StorageChanged storage -> false;
      case Event.DevicesChanged devices -> false;
    };
  }
}
