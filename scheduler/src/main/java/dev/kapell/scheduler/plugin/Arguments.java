package dev.kapell.scheduler.plugin;

import dev.kapell.api.core.v1.NodeAffinity;
import dev.kapell.scheduler.plugin.FitArguments.Weighted;
import java.util.List;
import java.util.Optional;

/**
 * What can be said to the plugins.
 *
 * @param fit {@code NodeResourcesFitArgs}
 * @param balanced the resources of {@code NodeResourcesBalancedAllocationArgs}
 * @param spread {@code PodTopologySpreadArgs}
 * @param affinity {@code InterPodAffinityArgs}
 * @param added {@code NodeAffinityArgs}: a node affinity that all pods have
 */
public record Arguments(
    FitArguments fit,
    List<Weighted> balanced,
    SpreadArguments spread,
    AffinityArguments affinity,
    Optional<NodeAffinity> added) {
  /** What is so without a word. */
  public static final Arguments DEFAULT =
      new Arguments(
          FitArguments.DEFAULT,
          Weighted.CPU_AND_MEMORY,
          SpreadArguments.SYSTEM,
          AffinityArguments.DEFAULT,
          Optional.empty());

  /** Copies. */
  public Arguments {
    balanced = List.copyOf(balanced);
  }

  /** With another {@code NodeResourcesFitArgs}. */
  public Arguments withFit(FitArguments other) {
    return new Arguments(other, balanced, spread, affinity, added);
  }

  /** With other balanced resources. */
  public Arguments withBalanced(List<Weighted> other) {
    return new Arguments(fit, other, spread, affinity, added);
  }

  /** With another {@code PodTopologySpreadArgs}. */
  public Arguments withSpread(SpreadArguments other) {
    return new Arguments(fit, balanced, other, affinity, added);
  }

  /** With another {@code InterPodAffinityArgs}. */
  public Arguments withAffinity(AffinityArguments other) {
    return new Arguments(fit, balanced, spread, other, added);
  }

  /** With a node affinity that all pods have. */
  public Arguments withAdded(NodeAffinity other) {
    return new Arguments(fit, balanced, spread, affinity, Optional.of(other));
  }
}
