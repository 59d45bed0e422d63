package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.scheduler.cluster.Tally;
import dev.kapell.scheduler.demand.Demand;
import java.util.List;

/**
 * Topology spread constraints that have to hold.
 *
 * @param arguments for pods that have none of their own
 */
record SpreadFilter(SpreadArguments arguments) implements Filter {
  private static final List<String> SKEWED =
      List.of("node(s) didn't match pod topology spread constraints");
  private static final List<String> NO_LABEL =
      List.of("node(s) didn't match pod topology spread constraints (missing required label)");

  @Override
  public String name() {
    return "PodTopologySpread";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    List<Spread> spreads = Spread.of(demand, view, arguments, Spread.REQUIRED).spreads();
    if (spreads.isEmpty()) {
      return Check.PASS;
    }
    Tally[] tallies = spreads.stream().map(Spread::tally).toArray(Tally[]::new);
    int[] limits = spreads.stream().mapToInt(Spread::limit).toArray();
    return new Limited(tallies, limits);
  }

  /** Of each tally no more than its limit. */
  private static final class Limited implements Check {
    private final Tally[] tallies;
    private final int[] limits;

    Limited(Tally[] tallies, int[] limits) {
      this.tallies = tallies;
      this.limits = limits;
    }

    @Override
    public List<String> reasons(int row) {
      for (int i = 0; i < tallies.length; i++) {
        if (!tallies[i].hasDomain(row)) {
          return NO_LABEL;
        }
        if (tallies[i].at(row) > limits[i]) {
          return SKEWED;
        }
      }
      return List.of();
    }

    @Override
    public int fitting(int block, int among) {
      int fitting = among;
      for (int i = 0; i < tallies.length && fitting != 0; i++) {
        fitting &= tallies[i].rowsWithin(limits[i], block);
      }
      return fitting;
    }
  }

  @Override
  public boolean isHelpedByPreemption() {
    return true;
  }

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed -> hasLabels(changed.node(), demand);
      case Event.PodGone gone -> gone.pod().namespace().equals(demand.namespace());
      case Event.PodPlaced placed -> placed.pod().namespace().equals(demand.namespace());
      case Event.PodRelabelled relabelled ->
          relabelled.after().namespace().equals(demand.namespace());
      case Event.Unknown unknown -> true;
      case Event.StorageChanged storage -> false;
      case Event.DevicesChanged devices -> false;
    };
  }

  private static boolean hasLabels(Node node, Demand demand) {
    return demand.spread().stream()
        .allMatch(c -> node.metadata().labels().containsKey(c.topologyKeyOr("")));
  }
}
