package dev.kapell.scheduler.storage;

import dev.kapell.client.ObjectKey;
import java.util.List;

/**
 * What becomes of a pod's unbound claims when it goes to one node.
 *
 * @param matches claims that are bound to volumes that are there
 * @param provisioned claims for which a volume is made for that node
 */
public record Choice(List<Match> matches, List<ObjectKey> provisioned) {
  /** Nothing to do. */
  public static final Choice NOTHING = new Choice(List.of(), List.of());

  /** Copies. */
  public Choice {
    matches = List.copyOf(matches);
    provisioned = List.copyOf(provisioned);
  }

  /** A claim and the volume that it gets. */
  public record Match(ObjectKey claim, String volume) {}

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return matches.isEmpty() && provisioned.isEmpty();
  }
}
