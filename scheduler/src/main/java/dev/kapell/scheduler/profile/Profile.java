package dev.kapell.scheduler.profile;

import dev.kapell.scheduler.plugin.Plugins;
import java.util.Optional;

/**
 * The rules for the pods that ask for a scheduler by this name.
 *
 * @param schedulerName what stands in {@code spec.schedulerName}
 * @param plugins filters and scores
 * @param percentageOfNodesToScore how many nodes that fit are compared; 0: the larger the cluster,
 *     the smaller the share
 * @param preemption how room is made; empty: never
 */
public record Profile(
    String schedulerName,
    Plugins plugins,
    int percentageOfNodesToScore,
    Optional<PreemptionArguments> preemption) {
  /** The name of those who ask for none. */
  public static final String DEFAULT_NAME = "default-scheduler";

  /** The default rules under the default name. */
  public static Profile standard() {
    return new Profile(
        DEFAULT_NAME, Plugins.standard(), 0, Optional.of(PreemptionArguments.DEFAULT));
  }

  /**
   * {@code DefaultPreemptionArgs}: among how many nodes the best is chosen.
   *
   * @param percentage of the nodes
   * @param absolute but at least so many
   */
  public record PreemptionArguments(int percentage, int absolute) {
    /** What is so without a word. */
    public static final PreemptionArguments DEFAULT = new PreemptionArguments(10, 100);

    /** How many of {@code nodes} are looked at. */
    public int candidates(int nodes) {
      return Math.min(nodes, Math.max(absolute, nodes * percentage / 100));
    }
  }
}
