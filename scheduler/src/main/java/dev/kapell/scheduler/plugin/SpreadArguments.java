package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.TopologySpreadConstraint;
import java.util.List;

/**
 * How pods are spread that say nothing about it themselves: {@code PodTopologySpreadArgs}.
 *
 * @param constraints without selectors: those of the pod's owners take their place
 * @param needsLabels whether a node counts only if it has the labels of all constraints
 */
public record SpreadArguments(List<TopologySpreadConstraint> constraints, boolean needsLabels) {
  /** Kubernetes' own: over zones and nodes, as a wish. */
  public static final SpreadArguments SYSTEM =
      new SpreadArguments(
          List.of(wish("kubernetes.io/hostname", 3), wish("topology.kubernetes.io/zone", 5)),
          false);

  /** Copies. */
  public SpreadArguments {
    constraints = List.copyOf(constraints);
  }

  private static TopologySpreadConstraint wish(String key, int skew) {
    return TopologySpreadConstraint.builder()
        .topologyKey(key)
        .maxSkew(skew)
        .whenUnsatisfiable("ScheduleAnyway")
        .build();
  }
}
