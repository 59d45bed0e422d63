package dev.kapell.host.runtime;

import java.time.Instant;
import java.util.Map;

/**
 * What a container uses.
 *
 * @param at when it was measured
 * @param cpuNanos CPU time used since the start, all cores together
 * @param memoryWorkingSetBytes used memory without inactive file cache
 * @param memoryUsageBytes used memory
 * @param memoryRssBytes anonymous memory
 * @param writableLayerBytes disk used by the container's own layer
 * @param writableLayerInodes files in it
 */
public record ContainerStats(
    ContainerId id,
    String name,
    Map<String, String> labels,
    Instant at,
    long cpuNanos,
    long memoryWorkingSetBytes,
    long memoryUsageBytes,
    long memoryRssBytes,
    long writableLayerBytes,
    long writableLayerInodes) {
  /** Copies the map. */
  public ContainerStats {
    labels = Map.copyOf(labels);
  }
}
