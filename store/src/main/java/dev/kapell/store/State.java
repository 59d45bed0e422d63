package dev.kapell.store;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored at one revision. A new state shares with the one before what did not
 * change.
 *
 * @param revision the newest revision given
 * @param tables each collection by its name, its entries by their paths
 */
record State(long revision, SortedTree<SortedTree<Entry>> tables) implements Snapshot {
  /** A store before its first write. */
  static final State EMPTY = new State(0, SortedTree.empty());

  private SortedTree<Entry> table(String name) {
    SortedTree<Entry> table = tables.get(name);
    return table == null ? SortedTree.empty() : table;
  }

  /** What is under {@code key}, or null. */
  @Nullable Entry find(Key key) {
    return table(key.table()).get(key.path());
  }

  /** This state at {@code at}, with {@code entry} in its place. */
  State with(Entry entry, long at) {
    Key key = entry.key();
    return new State(at, tables.with(key.table(), table(key.table()).with(key.path(), entry)));
  }

  /** This state at {@code at}, without {@code key}. */
  State without(Key key, long at) {
    return new State(at, tables.with(key.table(), table(key.table()).without(key.path())));
  }

  @Override
  public Optional<Entry> get(Key key) {
    return Optional.ofNullable(find(key));
  }

  @Override
  public Stream<Entry> list(String table, String prefix, String after) {
    SortedTree<Entry> entries = table(table);
    int from = entries.rank(prefix);
    if (!after.isEmpty()) {
      from = Math.max(from, entries.rank(after + Character.MIN_VALUE));
    }
    return entries.values(from, entries.rankAfter(prefix));
  }

  @Override
  public int count(String table, String prefix) {
    SortedTree<Entry> entries = table(table);
    return entries.rankAfter(prefix) - entries.rank(prefix);
  }
}
