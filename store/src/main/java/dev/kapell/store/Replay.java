package dev.kapell.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds a store's state and history from what a journal kept: first the floors of the tables, then
 * every version of every key, oldest first.
 */
final class Replay {
  private final Map<String, Long> floors = new HashMap<>();
  private final Garbage garbage = new Garbage();
  private final List<Event> events = new ArrayList<>();
  private State state = State.EMPTY;
  private long revision;

  /** The history of {@code table} begins after {@code revision}. */
  void floor(String table, long at) {
    floors.put(table, at);
    revision = Math.max(revision, at);
  }

  /** {@code key} got this value. */
  void put(Entry entry) {
    Key key = entry.key();
    Optional<Entry> previous = state.get(key);
    Event.Kind kind = previous.isPresent() ? Event.Kind.UPDATED : Event.Kind.CREATED;
    changed(new Event(kind, entry, previous));
    state = state.with(entry, revision);
  }

  /**
   * {@code key} went.
   *
   * @param last the final state, empty: as it was
   */
  void delete(Key key, byte[] last, long at) {
    Entry previous = state.find(key);
    if (previous == null) {
      // The value before was forgotten together with this trace of its end.
      garbage.add(new Garbage.Version(key, at));
      revision = Math.max(revision, at);
      return;
    }
    byte[] value = last.length == 0 ? previous.value() : last;
    Entry entry = new Entry(key, value, previous.createRevision(), at);
    changed(new Event(Event.Kind.DELETED, entry, Optional.of(previous)));
    state = state.without(key, revision);
  }

  private void changed(Event event) {
    revision = Math.max(revision, event.revision());
    if (event.revision() > floors.getOrDefault(event.entry().key().table(), 0L)) {
      events.add(event);
    } else {
      garbage.add(event);
    }
  }

  /** The newest state. */
  State state() {
    return new State(revision, state.tables());
  }

  /** For each table that lost history, up to where. */
  Map<String, Long> floors() {
    return floors;
  }

  /** What happened after the floors. */
  List<Event> events() {
    return events;
  }

  /** What was kept and is of no use. */
  Garbage garbage() {
    return garbage;
  }
}
