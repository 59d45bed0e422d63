package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;

/**
 * Stored bytes in the version that was asked for: the very same ones where it is the stored one.
 */
final class Versions {
  private Versions() {}

  static byte[] served(Row row, byte[] stored) {
    if (row.conversion().isIdentity()) {
      return stored;
    }
    Obj object = Obj.root(Wire.parse(stored));
    row.conversion().fromStored(object);
    return Wire.plain(object.map());
  }
}
