package dev.kapell.scheduler.plugin;

import java.util.List;
import java.util.Set;

/**
 * What can be said about requests and free resources: {@code NodeResourcesFitArgs}.
 *
 * @param ignoredResources extended resources that do not have to be there
 * @param ignoredGroups the same for all resources with this prefix, up to the slash
 * @param strategy how nodes are compared
 */
public record FitArguments(
    Set<String> ignoredResources, Set<String> ignoredGroups, Strategy strategy) {
  /** What is so without a word. */
  public static final FitArguments DEFAULT =
      new FitArguments(Set.of(), Set.of(), new LeastAllocated(Weighted.CPU_AND_MEMORY));

  /** Copies. */
  public FitArguments {
    ignoredResources = Set.copyOf(ignoredResources);
    ignoredGroups = Set.copyOf(ignoredGroups);
  }

  boolean ignores(String resource) {
    int slash = resource.indexOf('/');
    return slash > 0
        && (ignoredResources.contains(resource)
            || ignoredGroups.contains(resource.substring(0, slash)));
  }

  /**
   * A resource and how much it counts.
   *
   * @param name for instance {@code cpu}
   */
  public record Weighted(String name, int weight) {
    /** CPU and memory alike. */
    public static final List<Weighted> CPU_AND_MEMORY =
        List.of(new Weighted("cpu", 1), new Weighted("memory", 1));
  }

  /** How nodes are compared. */
  public sealed interface Strategy {
    /** The resources that count. */
    List<Weighted> resources();
  }

  /** The emptier, the better: pods are spread. */
  public record LeastAllocated(List<Weighted> resources) implements Strategy {
    /** Copies. */
    public LeastAllocated {
      resources = List.copyOf(resources);
    }
  }

  /** The fuller, the better: pods are packed. */
  public record MostAllocated(List<Weighted> resources) implements Strategy {
    /** Copies. */
    public MostAllocated {
      resources = List.copyOf(resources);
    }
  }

  /** By a line through points. */
  public record RequestedToCapacityRatio(List<Weighted> resources, List<Point> shape)
      implements Strategy {
    /** Copies. */
    public RequestedToCapacityRatio {
      resources = List.copyOf(resources);
      shape = List.copyOf(shape);
    }
  }

  /**
   * A point of a line.
   *
   * @param utilization from 0 to 100 percent
   * @param score from 0 to 10
   */
  public record Point(int utilization, int score) {
    /** The line's value, from 0 to 100. */
    static double at(List<Point> shape, double utilization) {
      Point left = shape.getFirst();
      if (utilization <= left.utilization()) {
        return left.score() * 10.0;
      }
      for (Point right : shape) {
        if (utilization <= right.utilization()) {
          double part =
              (utilization - left.utilization()) / (right.utilization() - left.utilization());
          return 10.0 * (left.score() + part * (right.score() - left.score()));
        }
        left = right;
      }
      return left.score() * 10.0;
    }
  }
}
