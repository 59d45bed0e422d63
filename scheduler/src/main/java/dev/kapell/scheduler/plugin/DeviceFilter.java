package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;

/**
 * Claims of devices. Nobody allocates them here yet, so a pod that has one waits rather than run
 * without what it asked for.
 */
final class DeviceFilter implements Filter {
  private static final String REASON =
      "resource claims are not allocated by this scheduler; remove spec.resourceClaims, or let a"
          + " scheduler that allocates them place the pod (spec.schedulerName)";

  private static final Check WAITS = Check.hopeless(REASON);

  @Override
  public String name() {
    return "DynamicResources";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    return demand.claimsDevices() ? WAITS : Check.PASS;
  }

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
    return false; // only a change of the pod itself
  }
}
