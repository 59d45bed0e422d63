package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;
import java.util.List;

/** Topology spread constraints that have to hold. */
final class SpreadFilter implements Filter {
  private static final List<String> SKEWED =
      List.of("node(s) didn't match pod topology spread constraints");
  private static final List<String> NO_LABEL =
      List.of("node(s) didn't match pod topology spread constraints (missing required label)");

  @Override
  public Check prepare(Demand demand, View view) {
    List<Spread> spreads = Spread.of(demand, view, "DoNotSchedule");
    if (spreads.isEmpty()) {
      return Check.PASS;
    }
    int[] fewest = spreads.stream().mapToInt(Spread::fewest).toArray();
    return row -> {
      for (int i = 0; i < fewest.length; i++) {
        Spread spread = spreads.get(i);
        String domain = Terms.domain(view, row, spread.constraint().topologyKeyOr(""));
        if (domain == null) {
          return NO_LABEL;
        }
        int there = spread.countByDomain().getOrDefault(domain, 0);
        int skew = there + spread.own() - fewest[i];
        if (skew > spread.constraint().maxSkewOr(1)) {
          return SKEWED;
        }
      }
      return List.of();
    };
  }

  @Override
  public boolean isHelpedByPreemption() {
    return true;
  }
}
