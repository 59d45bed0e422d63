package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;

/** The more alike the shares of CPU and memory in use would be, the better. */
final class BalancedScore implements Score {
  @Override
  public Points prepare(Demand demand, View view) {
    Cluster cluster = view.cluster();
    return row -> {
      double cpu = share(demand, cluster, row, ResourceNames.CPU);
      double memory = share(demand, cluster, row, ResourceNames.MEMORY);
      return 100 * (1 - Math.abs(cpu - memory) / 2);
    };
  }

  private static double share(Demand demand, Cluster cluster, int row, int column) {
    long allocatable = cluster.allocatable(row, column);
    long used = cluster.requested(row, column) + demand.request(column);
    return allocatable <= 0 ? 1 : Math.min(1, (double) used / allocatable);
  }

  @Override
  public int weight() {
    return 1;
  }
}
