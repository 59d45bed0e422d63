package dev.kapell.node.plan;

import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.node.plan.Allocation.Pending;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the resizes of a pod are.
 *
 * @param applied by container id: what the runtime was last given for it
 * @param failures by container id: why the runtime does not have what was given to the container
 * @param pending why the node does not give what the pod asks for; null when it does
 */
public record ResizeSeen(
    Map<String, ResourceRequirements> applied,
    Map<String, StartFailure> failures,
    @Nullable Pending pending) {
  /** Nothing known, nothing pending. */
  public static final ResizeSeen NONE = new ResizeSeen(Map.of(), Map.of(), null);

  /** Copies the maps. */
  public ResizeSeen {
    applied = Map.copyOf(applied);
    failures = Map.copyOf(failures);
  }
}
