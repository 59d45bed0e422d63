package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.resource.Quantity;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Requests (init containers, overhead and extended resources included) and the number of pods.
 *
 * @param arguments which extended resources do not count
 */
record ResourceFilter(FitArguments arguments) implements Filter {
  @Override
  public String name() {
    return "NodeResourcesFit";
  }

  @Override
  public Check prepare(Demand demand, View view) {
    Cluster cluster = view.cluster();
    boolean[] counts = new boolean[demand.columns()];
    for (int column = 0; column < counts.length; column++) {
      counts[column] =
          demand.request(column) > 0 && !arguments.ignores(cluster.names().name(column));
    }
    return row -> {
      List<String> reasons = List.of();
      for (int column = 0; column < counts.length; column++) {
        if (counts[column]
            && demand.request(column)
                > cluster.allocatable(row, column) - cluster.requested(row, column)) {
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

  @Override
  public boolean isHelpedBy(Event event, Demand demand, View view) {
    return switch (event) {
      case Event.NodeChanged changed -> hasRoom(changed.node(), demand, view.cluster().names());
      case Event.PodGone gone -> givesBack(gone.pod(), demand);
      case Event.Unknown unknown -> true;
      case Event.PodPlaced placed -> false;
      case Event.PodRelabelled relabelled -> false;
      case Event.StorageChanged storage -> false;
      case Event.DevicesChanged devices -> false;
    };
  }

  private static boolean givesBack(Demand gone, Demand demand) {
    for (int column = 0; column < demand.columns(); column++) {
      if (demand.request(column) > 0 && gone.request(column) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether the node would do if it were empty. */
  private boolean hasRoom(Node node, Demand demand, ResourceNames names) {
    Map<String, Quantity> allocatable = node.status().allocatable();
    long[] room = names.columns(allocatable);
    for (int column = 0; column < demand.columns(); column++) {
      long has = column < room.length ? room[column] : 0;
      if (demand.request(column) > has && !arguments.ignores(names.name(column))) {
        return false;
      }
    }
    return true;
  }
}
