package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.device.PodDevices;
import java.util.List;

/**
 * Claims of devices have to be there; those that have their devices say where the pod can go, and
 * for those that have none yet, devices have to be free at the node.
 */
final class DeviceFilter implements Filter {
  @Override
  public String name() {
    return "DynamicResources";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    if (demand.devices().isEmpty()) {
      return Check.PASS;
    }
    PodDevices claims = PodDevices.of(demand, view.devices());
    if (claims.hopeless().isPresent()) {
      return Check.hopeless(claims.hopeless().get());
    }
    return row ->
        claims.refusal(view.cluster().nodeOf(row), view.devices()).map(List::of).orElse(List.of());
  }

  /** A pod that goes does not give its devices back before its claims are seen to. */
  @Override
  public boolean isHelpedByPreemption() {
    return false;
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed -> true;
      case Event.DevicesChanged devices -> true;
      case Event.Unknown unknown -> true;
      case Event.StorageChanged storage -> false;
      case Event.PodGone gone -> false;
      case Event.PodPlaced placed -> false;
      case Event.PodRelabelled relabelled -> false;
    };
  }
}
