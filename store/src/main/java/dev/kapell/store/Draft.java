package dev.kapell.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A batch of transactions worked out on top of a state that nobody else sees yet. Each transaction
 * sees those before it. Thrown away when the medium refuses the batch: the base state never
 * changed. Used by the writer thread.
 */
final class Draft {
  private State state;
  private final List<Event> events = new ArrayList<>();

  Draft(State base) {
    this.state = base;
  }

  /** The state after the transactions so far. */
  State state() {
    return state;
  }

  /** What the transactions so far changed, in order. */
  List<Event> events() {
    return events;
  }

  /**
   * Works out one transaction: all of it, or a conflict and nothing. One that changes nothing (only
   * checks hold) gets the revision that is there.
   */
  Commit apply(List<Op> transaction) {
    for (Op op : transaction) {
      Entry present = state.find(op.key());
      if (!holds(op, present)) {
        return new Commit.Conflict(op, Optional.ofNullable(present));
      }
    }
    long revision = state.revision() + 1;
    List<Optional<Entry>> entries = new ArrayList<>(transaction.size());
    for (Op op : transaction) {
      Entry present = state.find(op.key());
      entries.add(
          switch (op) {
            case Op.Put put -> Optional.of(put(put, present, revision));
            case Op.Delete delete when present != null ->
                Optional.of(delete(delete, present, revision));
            case Op.Delete absent -> Optional.empty();
            case Op.Check check -> Optional.ofNullable(present);
            case Op.Follows follows -> Optional.ofNullable(present);
          });
    }
    return new Commit.Done(state.revision(), List.copyOf(entries));
  }

  @SuppressWarnings("ReferenceEquality") // each put has bytes of its own, which the store keeps
  private static boolean holds(Op op, @Nullable Entry present) {
    if (op instanceof Op.Follows follows) {
      return present != null && present.value() == follows.before().value();
    }
    if (op.expected() == Op.ANY) {
      return present != null || !(op instanceof Op.Delete);
    }
    return op.expected() == (present == null ? Op.ABSENT : present.revision());
  }

  private Entry put(Op.Put put, @Nullable Entry present, long revision) {
    stamp(put.value(), put.stampAt(), revision);
    long created = present == null ? revision : present.createRevision();
    Entry entry = new Entry(put.key(), put.value(), created, revision);
    Event.Kind kind = present == null ? Event.Kind.CREATED : Event.Kind.UPDATED;
    events.add(new Event(kind, entry, Optional.ofNullable(present)));
    state = state.with(entry, revision);
    return entry;
  }

  private Entry delete(Op.Delete delete, Entry present, long revision) {
    byte[] last = present.value();
    if (delete.last().length > 0) {
      last = delete.last();
      stamp(last, delete.stampAt(), revision);
    }
    Entry entry = new Entry(delete.key(), last, present.createRevision(), revision);
    events.add(new Event(Event.Kind.DELETED, entry, Optional.of(present)));
    state = state.without(delete.key(), revision);
    return entry;
  }

  private static void stamp(byte[] value, int at, long revision) {
    if (at < 0) {
      return;
    }
    byte[] digits = Long.toString(revision).getBytes(StandardCharsets.ISO_8859_1);
    Arrays.fill(value, at, at + Op.STAMP_LENGTH, (byte) ' ');
    value[at] = '"';
    System.arraycopy(digits, 0, value, at + 1, digits.length);
    value[at + 1 + digits.length] = '"';
  }
}
