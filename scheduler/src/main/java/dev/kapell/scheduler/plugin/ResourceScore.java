package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.plugin.FitArguments.Weighted;
import java.util.List;

/**
 * How much of a node's resources would be in use.
 *
 * @param strategy what that is worth
 */
record ResourceScore(FitArguments.Strategy strategy) implements Score {
  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public Points prepare(Demand demand, View view) {
    Cluster cluster = view.cluster();
    List<Weighted> resources = strategy.resources();
    int[] columns = new int[resources.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = cluster.names().columnOf(resources.get(i).name());
    }
    return row -> {
      double sum = 0;
      int weights = 0;
      for (int i = 0; i < columns.length; i++) {
        int column = columns[i];
        long allocatable = cluster.allocatable(row, column);
        boolean counts = column <= ResourceNames.MEMORY || demand.request(column) > 0;
        if (allocatable > 0 && counts) {
          int weight = resources.get(i).weight();
          sum += weight * worth(used(cluster, demand, row, column), allocatable);
          weights += weight;
        }
      }
      return weights == 0 ? 0 : sum / weights;
    };
  }

  private static long used(Cluster cluster, Demand demand, int row, int column) {
    return switch (column) {
      case ResourceNames.CPU -> cluster.usualCpuMilli(row) + demand.usualCpuMilli();
      case ResourceNames.MEMORY -> cluster.usualMemoryBytes(row) + demand.usualMemoryBytes();
      default -> cluster.requested(row, column) + demand.request(column);
    };
  }

  private double worth(long used, long allocatable) {
    return switch (strategy) {
      case FitArguments.LeastAllocated least ->
          used >= allocatable ? 0 : 100.0 * (allocatable - used) / allocatable;
      case FitArguments.MostAllocated most -> 100.0 * Math.min(used, allocatable) / allocatable;
      case FitArguments.RequestedToCapacityRatio ratio ->
          FitArguments.Point.at(
              ratio.shape(), used > allocatable ? 100 : 100.0 * used / allocatable);
    };
  }

  @Override
  public int weight() {
    return 1;
  }
}
