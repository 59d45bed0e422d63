package dev.kapell.store;

/**
 * Where an entry lives.
 *
 * @param table a collection that is listed and watched as one, for instance {@code pods} or {@code
 *     apps/deployments}
 * @param path the place in the table, for instance {@code default/web}; sorted by its UTF-16 units
 */
public record Key(String table, String path) implements Comparable<Key> {
  @Override
  public int compareTo(Key other) {
    int byTable = table.compareTo(other.table);
    return byTable != 0 ? byTable : path.compareTo(other.path);
  }
}
