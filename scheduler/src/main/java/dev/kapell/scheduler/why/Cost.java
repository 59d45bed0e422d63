package dev.kapell.scheduler.why;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import java.util.List;

/**
 * What making room on a node would cost.
 *
 * @param node where
 * @param victims the pods that would be evicted, in no order that matters
 * @param needsPriority the least priority that a pod needs for it
 */
public record Cost(String node, List<Victim> victims, int needsPriority) {
  /** Copies. */
  public Cost {
    victims = List.copyOf(victims);
  }

  /** A pod that would be evicted. */
  public record Victim(ObjectKey pod, int priority) {
    /** {@code pod} as a victim. */
    public static Victim of(Pod pod) {
      return new Victim(ObjectKey.of(pod), pod.spec().priorityOr(0));
    }
  }

  /** The price of these pods on this node. */
  public static Cost of(String node, List<Pod> pods) {
    List<Victim> victims = pods.stream().map(Victim::of).toList();
    int highest = victims.stream().mapToInt(Victim::priority).max().orElse(Integer.MIN_VALUE);
    return new Cost(node, victims, highest == Integer.MAX_VALUE ? highest : highest + 1);
  }
}
