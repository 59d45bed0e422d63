package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Entry;

/**
 * A stored object with a tree of its own, in the stored version. The tree belongs to the request.
 */
record Stored(Entry entry, Obj object) {
  static Stored of(Entry entry) {
    return new Stored(entry, Obj.root(Wire.parse(entry.value())));
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
