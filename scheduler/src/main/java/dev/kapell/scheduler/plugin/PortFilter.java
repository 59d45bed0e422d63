package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;
import java.util.List;

/** Ports of the node that a container wants for itself. */
final class PortFilter implements Filter {
  private static final List<String> REASON =
      List.of("node(s) didn't have free ports for the requested pod ports");

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
}
