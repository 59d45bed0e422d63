package dev.kapell.scheduler.plugin;

import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;

/** The more of its CPU and memory would stay free, the better. */
final class LeastAllocatedScore implements Score {
  @Override
  public Points prepare(Demand demand, View view) {
    Cluster cluster = view.cluster();
    return row -> {
      double cpu =
          free(
              cluster.usualCpuMilli(row) + demand.usualCpuMilli(),
              cluster.allocatable(row, ResourceNames.CPU));
      double memory =
          free(
              cluster.usualMemoryBytes(row) + demand.usualMemoryBytes(),
              cluster.allocatable(row, ResourceNames.MEMORY));
      return (cpu + memory) / 2;
    };
  }

  private static double free(long used, long allocatable) {
    return allocatable <= 0 || used >= allocatable ? 0 : 100.0 * (allocatable - used) / allocatable;
  }

  @Override
  public int weight() {
    return 1;
  }
}
