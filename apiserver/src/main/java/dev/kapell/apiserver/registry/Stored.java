package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Entry;

/**
 * A stored object with a tree of its own, which belongs to the request.
 *
 * @param object in the form that writes work on
 * @param outdated whether a write that changes nothing is to be done nevertheless
 */
record Stored(Entry entry, Obj object, boolean outdated) {
  /** As it is stored. */
  static Stored of(Entry entry) {
    return new Stored(entry, Obj.root(Wire.parse(entry.value())), false);
  }

  /** As writes of {@code row} work on it. */
  static Stored of(Entry entry, Row row) {
    Obj object = Obj.root(Wire.parse(entry.value()));
    boolean outdated = row.conversion().isOutdated(object);
    row.conversion().open(object);
    return new Stored(entry, object, outdated);
  }

  Obj metadata() {
    return object.child("metadata");
  }

  String uid() {
    return metadata().text("uid");
  }

  boolean isTerminating() {
    return metadata().has("deletionTimestamp");
  }
}
