package dev.kapell.node.plan;

import dev.kapell.api.core.v1.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do about a pod.
 *
 * @param changes to begin now; they may run at the same time
 * @param terminating whether the pod is on its way down, so that what still builds it up should be
 *     given up
 * @param status what the API should say
 * @param wakeAt when to decide again if nothing happens before
 * @param done whether nothing is left of the pod on this node
 */
public record PodPlan(
    List<Change> changes,
    boolean terminating,
    PodStatus status,
    Optional<Instant> wakeAt,
    boolean done) {
  /** Copies the list. */
  public PodPlan {
    changes = List.copyOf(changes);
  }
}
