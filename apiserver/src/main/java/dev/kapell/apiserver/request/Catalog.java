package dev.kapell.apiserver.request;

import java.util.List;
import java.util.Optional;

/** Everything that is served now. Thread-safe; each answer is a consistent picture. */
public interface Catalog {
  /** Every resource in every served version, the preferred version of a group first. */
  List<Resource> all();

  /** The resource that a path names. */
  Optional<Resource> find(String group, String version, String plural);

  /**
   * Grows with every change of {@link #all}, so that discovery and OpenAPI know when to rebuild.
   */
  long generation();

  /**
   * From now on calls {@code changed} after every change of {@link #all}; it must not block. What
   * never changes calls nobody.
   */
  default void onChange(Runnable changed) {}
}
