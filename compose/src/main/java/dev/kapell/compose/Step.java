package dev.kapell.compose;

import dev.kapell.api.ApiObject;
import java.util.List;

/**
 * One service to bring up.
 *
 * @param service its name
 * @param after what has to be so before; empty to start at once
 * @param objects to apply, in this order; a Pod whose {@link ComposeProject#HASH} annotation
 *     differs has to be deleted and created, since pods cannot be changed
 * @param pods how many pods it will have
 */
public record Step(String service, List<Requirement> after, List<ApiObject> objects, int pods) {
  /** Copies the lists. */
  public Step {
    after = List.copyOf(after);
    objects = List.copyOf(objects);
  }
}
