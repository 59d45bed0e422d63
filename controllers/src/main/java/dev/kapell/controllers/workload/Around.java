package dev.kapell.controllers.workload;

import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.ReplicaSet;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import java.util.List;
import java.util.Map;

/**
 * What stands around a workload when somebody wants to know what its controller would do next.
 * Immutable.
 *
 * @param pods of its namespace
 * @param sets of its namespace
 * @param revisions of its namespace
 * @param claims of its namespace
 * @param nodes all of them
 */
public record Around(
    List<Pod> pods,
    List<ReplicaSet> sets,
    List<ControllerRevision> revisions,
    Map<ObjectKey, PersistentVolumeClaim> claims,
    List<Node> nodes) {
  /** Copies. */
  public Around {
    pods = List.copyOf(pods);
    sets = List.copyOf(sets);
    revisions = List.copyOf(revisions);
    claims = Map.copyOf(claims);
    nodes = List.copyOf(nodes);
  }
}
