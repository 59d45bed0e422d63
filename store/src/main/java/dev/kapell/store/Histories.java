package dev.kapell.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rings of all tables, held within their bounds. The writer publishes, drops and compacts;
 * anybody watches.
 */
final class Histories {
  private final int mostEvents;
  private final long mostBytes;
  private final Map<String, EventRing> rings = new ConcurrentHashMap<>();
  private volatile long revision;
  private volatile boolean closed;

  /** Written by the writer only: what all rings cost. */
  private long bytes;

  Histories(StoreOptions options) {
    this.mostEvents = options.historyEvents();
    this.mostBytes = options.historyBytes();
  }

  /** Every event up to this revision is in its ring. */
  long revision() {
    return revision;
  }

  /** The highest floor of any table. */
  long oldest() {
    return rings.values().stream().mapToLong(EventRing::floor).max().orElse(0);
  }

  /** Says that {@code table} misses changes up to {@code floor}; before its first event. */
  void restore(String table, long floor) {
    ring(table).dropUpTo(floor);
  }

  private EventRing ring(String table) {
    return rings.computeIfAbsent(table, name -> new EventRing());
  }

  Cursor watch(String table, String prefix, long after, Runnable ready) {
    requireOpen();
    EventRing ring = ring(table);
    EventCursor cursor = new EventCursor(this, ring, prefix, after, ready);
    ring.place(cursor);
    return cursor;
  }

  void requireOpen() {
    if (closed) {
      throw new StoreException("the store is closed");
    }
  }

  /**
   * Makes {@code events}, which end with {@code upTo}, visible to cursors, and drops what is too
   * much.
   *
   * @return the callbacks to run, and what was dropped
   */
  Published publish(List<Event> events, long upTo) {
    Published published = new Published(new ArrayList<>(), new ArrayList<>());
    Map<String, List<Event>> byTable = new LinkedHashMap<>();
    for (Event event : events) {
      byTable.computeIfAbsent(event.entry().key().table(), t -> new ArrayList<>()).add(event);
    }
    byTable.forEach(
        (table, changes) -> {
          EventRing ring = ring(table);
          long before = ring.bytes();
          ring.append(changes, published.wake()::add);
          bytes += ring.bytes() - before;
          while (ring.size() > mostEvents) {
            published.dropped().add(drop(ring));
          }
        });
    revision = upTo;
    while (bytes > mostBytes) {
      published.dropped().add(drop(largest()));
    }
    return published;
  }

  private Event drop(EventRing ring) {
    long before = ring.bytes();
    Event dropped = ring.drop();
    bytes += ring.bytes() - before;
    return dropped;
  }

  private EventRing largest() {
    EventRing largest = null;
    for (EventRing ring : rings.values()) {
      if (largest == null || ring.bytes() > largest.bytes()) {
        largest = ring;
      }
    }
    return Objects.requireNonNull(largest, "bytes are kept without a ring");
  }

  /** Drops every event up to {@code upTo}, in every table. */
  List<Event> compact(long upTo) {
    List<Event> dropped = new ArrayList<>();
    for (EventRing ring : rings.values()) {
      long before = ring.bytes();
      dropped.addAll(ring.dropUpTo(upTo));
      bytes += ring.bytes() - before;
    }
    return dropped;
  }

  /** The tables that have a history. */
  List<String> tables() {
    return List.copyOf(rings.keySet());
  }

  /**
   * Ends every watch.
   *
   * @return the callbacks of those that wait, which then find the store closed
   */
  List<Runnable> close() {
    closed = true;
    return rings.values().stream().flatMap(ring -> ring.release().stream()).toList();
  }

  /** What a publication leaves to do. */
  record Published(List<Runnable> wake, List<Event> dropped) {}
}
