package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;

/** Fills in what a client left out. Applying it twice is applying it once. */
@FunctionalInterface
public interface Defaults {
  /** A kind without defaults. */
  Defaults NONE = object -> {};

  /** Changes the tree of an object. */
  void apply(Obj object);

  /**
   * The defaults of a kind, by its qualified resource name, for instance {@code deployments.apps}.
   * The table is read at their first use, not when a server starts.
   */
  static Defaults of(String qualifiedResource) {
    return object -> DefaultsTable.ROWS.getOrDefault(qualifiedResource, NONE).apply(object);
  }
}
