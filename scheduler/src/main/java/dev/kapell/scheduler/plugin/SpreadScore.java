package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.demand.Demand;
import java.util.List;

/** Topology spread constraints that are only wished for: the emptier the domain, the better. */
final class SpreadScore implements Score {
  @Override
  public Points prepare(Demand demand, View view) {
    List<Spread> spreads = Spread.of(demand, view, "ScheduleAnyway");
    if (spreads.isEmpty()) {
      return Points.NONE;
    }
    int[] mosts = spreads.stream().mapToInt(Spread::most).toArray();
    return row -> {
      double sum = 0;
      for (int i = 0; i < mosts.length; i++) {
        Spread spread = spreads.get(i);
        int most = mosts[i];
        String domain = Terms.domain(view, row, spread.constraint().topologyKeyOr(""));
        int here = domain == null ? most : spread.countByDomain().getOrDefault(domain, 0);
        sum += most == 0 ? 100 : 100.0 * (most - here) / most;
      }
      return sum / spreads.size();
    };
  }

  @Override
  public int weight() {
    return 2;
  }
}
