package dev.kapell.client;

import dev.kapell.api.ApiObject;
import java.util.List;

/**
 * Objects as they were at one revision.
 *
 * @param items in the order of namespace and name
 * @param resourceVersion where a watch goes on from
 */
public record Listing<T extends ApiObject>(List<T> items, String resourceVersion) {
  /** Copies the list. */
  public Listing {
    items = List.copyOf(items);
  }
}
