package dev.kapell.scheduler.plugin;

import java.util.List;

/**
 * All filters and scores, in the order in which they are asked: what is cheap and refuses most
 * comes first.
 *
 * @param filters every one of them has to let a node pass
 * @param scores are added up by weight
 */
public record Plugins(List<Filter> filters, List<Score> scores) {
  /** Copies. */
  public Plugins {
    filters = List.copyOf(filters);
    scores = List.copyOf(scores);
  }

  /** The default rules. */
  public static Plugins standard() {
    return new Plugins(
        List.of(
            new UnschedulableFilter(),
            new TaintFilter(),
            new NodeAffinityFilter(),
            new PortFilter(),
            new ResourceFilter(),
            new VolumeFilter(),
            new SpreadFilter(),
            new PodAffinityFilter()),
        List.of(
            new LeastAllocatedScore(),
            new BalancedScore(),
            new NodeAffinityScore(),
            new TaintScore(),
            new SpreadScore(),
            new PodAffinityScore()));
  }
}
