package dev.kapell.apiserver.registry;

import dev.kapell.store.CompactedException;
import dev.kapell.store.Cursor;
import dev.kapell.store.Entry;
import dev.kapell.store.Event;
import dev.kapell.store.Key;
import dev.kapell.store.Snapshot;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A part of one table as it was at an earlier revision: the newest one with what happened since
 * undone, for as long as the store keeps that. Immutable.
 */
final class Earlier implements Snapshot {
  private static final int BATCH = 512;

  private final long revision;
  private final String table;
  private final NavigableMap<String, Entry> entries;

  private Earlier(long revision, String table, NavigableMap<String, Entry> entries) {
    this.revision = revision;
    this.table = table;
    this.entries = entries;
  }

  /** Empty when the store no longer knows what happened since. */
  static Optional<Snapshot> of(Store store, Pages.Part part) {
    String table = part.table();
    String prefix = part.prefix();
    Snapshot newest = store.snapshot();
    NavigableMap<String, Entry> entries = new TreeMap<>();
    try (Cursor cursor = store.watch(table, prefix, part.revision(), () -> {});
        Stream<Entry> all = newest.list(table, prefix, "")) {
      List<Event> since = since(cursor, newest.revision());
      all.forEach(entry -> entries.put(entry.key().path(), entry));
      for (Event event : since.reversed()) {
        String path = event.entry().key().path();
        event
            .previous()
            .ifPresentOrElse(before -> entries.put(path, before), () -> entries.remove(path));
      }
      return Optional.of(new Earlier(part.revision(), table, entries));
    } catch (CompactedException e) {
      return Optional.empty();
    }
  }

  private static List<Event> since(Cursor cursor, long newest) {
    List<Event> since = new ArrayList<>();
    List<Event> events = cursor.poll(BATCH);
    while (!events.isEmpty()) {
      events.stream().filter(event -> event.revision() <= newest).forEach(since::add);
      events = events.getLast().revision() <= newest ? cursor.poll(BATCH) : List.of();
    }
    return since;
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public Optional<Entry> get(Key key) {
    return key.table().equals(table)
        ? Optional.ofNullable(entries.get(key.path()))
        : Optional.empty();
  }

  @Override
  public Stream<Entry> list(String asked, String prefix, String after) {
    return asked.equals(table)
        ? entries.tailMap(after, false).values().stream()
            .filter(entry -> entry.key().path().startsWith(prefix))
        : Stream.empty();
  }

  @Override
  public int count(String asked, String prefix) {
    return (int) list(asked, prefix, "").count();
  }
}
