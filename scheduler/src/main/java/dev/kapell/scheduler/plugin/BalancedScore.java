package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.plugin.FitArguments.Weighted;
import java.util.List;

/**
 * The more alike the shares of resources in use would be, the better.
 *
 * @param resources those compared; how much each counts does not matter
 */
record BalancedScore(List<Weighted> resources) implements Score {
  BalancedScore {
    resources = List.copyOf(resources);
  }

  @Override
  public String name() {
    return "NodeResourcesBalancedAllocation";
  }

  @Override
  public Points prepare(Demand demand, View view) {
    Cluster cluster = view.cluster();
    int[] columns = resources.stream().mapToInt(r -> cluster.names().columnOf(r.name())).toArray();
    boolean asks = false;
    for (int column : columns) {
      asks |= demand.request(column) > 0;
    }
    return asks ? row -> 100 * (1 - deviation(demand, cluster, row, columns)) : Points.NONE;
  }

  private static double deviation(Demand demand, Cluster cluster, int row, int[] columns) {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int column : columns) {
      long allocatable = cluster.allocatable(row, column);
      if (allocatable > 0) {
        long used = cluster.requested(row, column) + demand.request(column);
        double share = Math.min(1, (double) used / allocatable);
        sum += share;
        squares += share * share;
        count++;
      }
    }
    double mean = count == 0 ? 0 : sum / count;
    return count == 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean));
  }

  @Override
  public int weight() {
    return 1;
  }
}
