package dev.kapell.store;

import java.util.Optional;
import java.util.stream.Stream;

/** The whole store at one revision. Immutable, free to keep for as long as a read takes. */
public interface Snapshot {
  /** The revision that this shows. */
  long revision();

  /** The entry under {@code key}. */
  Optional<Entry> get(Key key);

  /**
   * Entries of {@code table} whose path starts with {@code prefix} and sorts after {@code after}
   * (empty string: from the start), in order.
   */
  Stream<Entry> list(String table, String prefix, String after);

  /** How many entries of {@code table} start with {@code prefix}; at most linear in that number. */
  int count(String table, String prefix);
}
