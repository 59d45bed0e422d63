package dev.kapell.client;

import dev.kapell.api.ApiObject;

/** One line of a watch. */
public sealed interface WatchEvent<T extends ApiObject> {
  /** The object is new to this watch. */
  record Added<T extends ApiObject>(T object) implements WatchEvent<T> {}

  /** The object changed. */
  record Modified<T extends ApiObject>(T object) implements WatchEvent<T> {}

  /** The object is gone, or left the selector; {@code object} is its last state. */
  record Deleted<T extends ApiObject>(T object) implements WatchEvent<T> {}

  /** Everything up to this revision has been delivered. */
  record Bookmark<T extends ApiObject>(String resourceVersion) implements WatchEvent<T> {}
}
