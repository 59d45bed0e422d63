package dev.kapell.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What nobody can ask for any more, gathered until it is worth a journal's while. Owned by the
 * writer.
 */
final class Garbage {
  private final Map<String, Long> floors = new LinkedHashMap<>();
  private final List<Version> versions = new ArrayList<>();

  /** One value that a key once had. */
  record Version(Key key, long revision) {}

  /** An event is no longer kept: neither is what it replaced, nor the trace of a deletion. */
  void add(Event dropped) {
    Key key = dropped.entry().key();
    dropped.previous().ifPresent(entry -> versions.add(new Version(key, entry.revision())));
    if (dropped.kind() == Event.Kind.DELETED) {
      versions.add(new Version(key, dropped.revision()));
    }
    raise(key.table(), dropped.revision());
  }

  /** One value that a later one replaced before the floor. */
  void add(Version version) {
    versions.add(version);
  }

  /** The history of {@code table} is no longer whole up to {@code floor}. */
  void raise(String table, long floor) {
    floors.merge(table, floor, Math::max);
  }

  /** For each table with less history than before, up to where it is gone. */
  Map<String, Long> floors() {
    return floors;
  }

  /** The values to forget. */
  List<Version> versions() {
    return versions;
  }
}
