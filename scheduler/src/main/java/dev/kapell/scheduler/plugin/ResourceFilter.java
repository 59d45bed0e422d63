package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import java.util.ArrayList;
import java.util.List;

/** Requests (init containers, overhead and extended resources included) and the number of pods. */
final class ResourceFilter implements Filter {
  @Override
  public Check prepare(Demand demand, View view) {
    Cluster cluster = view.cluster();
    return row -> {
      List<String> reasons = List.of();
      for (int column = 0; column < demand.columns(); column++) {
        long wanted = demand.request(column);
        if (wanted > 0
            && wanted > cluster.allocatable(row, column) - cluster.requested(row, column)) {
          reasons = reasons.isEmpty() ? new ArrayList<>() : reasons;
          reasons.add(
              column == ResourceNames.PODS
                  ? "Too many pods"
                  : "Insufficient " + cluster.names().name(column));
        }
      }
      return reasons;
    };
  }

  @Override
  public boolean isHelpedByPreemption() {
    return true;
  }
}
