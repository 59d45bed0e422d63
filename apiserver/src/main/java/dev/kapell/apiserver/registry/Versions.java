package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;

/**
 * Stored bytes in the version that was asked for: the very same ones where it is the stored one.
 */
final class Versions {
  /** Objects that are converted in one step: what an outside converter gets at once. */
  private static final int BATCH = 200;

  private Versions() {}

  static byte[] served(Row row, byte[] stored) {
    if (row.conversion().isIdentity()) {
      return stored;
    }
    Obj object = Obj.root(Wire.parse(stored));
    row.conversion().fromStored(object);
    return Wire.plain(object.map());
  }

  static List<byte[]> served(Row row, List<byte[]> stored) {
    if (row.conversion().isIdentity()) {
      return stored;
    }
    List<byte[]> served = new ArrayList<>(stored.size());
    for (int from = 0; from < stored.size(); from += BATCH) {
      List<Obj> batch =
          stored.subList(from, Math.min(stored.size(), from + BATCH)).stream()
              .map(json -> Obj.root(Wire.parse(json)))
              .toList();
      row.conversion().fromStored(batch);
      batch.forEach(object -> served.add(Wire.plain(object.map())));
    }
    return served;
  }
}
