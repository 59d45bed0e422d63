package dev.kapell.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The kept changes of one table, oldest first, and the cursors that wait for more.
 *
 * <p>The writer appends and drops; cursors read. All of it happens under the ring's own lock, held
 * for copying references only, so neither side waits for longer than that. Events are numbered; a
 * cursor is no more than a number, and a cursor that waits has been shown everything.
 */
final class EventRing {
  /** What an event costs in memory beside the bytes of its values. */
  private static final int EVENT_BYTES = 160;

  private @Nullable Event[] slots = new Event[16];
  private long first;
  private long next;
  private long bytes;
  private long floor;
  private final Set<EventCursor> waiting = new LinkedHashSet<>();

  /** No event up to this revision is sure to be kept. */
  synchronized long floor() {
    return floor;
  }

  /** How many events are kept. */
  synchronized int size() {
    return (int) (next - first);
  }

  /** What keeping them costs. */
  synchronized long bytes() {
    return bytes;
  }

  /**
   * Adds events that happened after all others.
   *
   * @param wake receives the callbacks of the cursors that waited for one of them
   */
  synchronized void append(List<Event> events, Consumer<Runnable> wake) {
    for (Event event : events) {
      if (next - first == slots.length) {
        grow();
      }
      slots[slot(next++)] = event;
      bytes += cost(event);
    }
    waiting.removeIf(
        cursor -> {
          if (events.stream().noneMatch(cursor::wants)) {
            cursor.next = next;
            cursor.seen = events.getLast().revision();
            return false;
          }
          wake.accept(cursor.ready());
          return true;
        });
  }

  /** Takes out the oldest event. */
  synchronized Event drop() {
    int slot = slot(first);
    Event event = Objects.requireNonNull(slots[slot], "an empty ring drops nothing");
    slots[slot] = null;
    first++;
    bytes -= cost(event);
    floor = Math.max(floor, event.revision());
    return event;
  }

  /** Takes out every event up to {@code revision} and forgets that there was more. */
  synchronized List<Event> dropUpTo(long revision) {
    List<Event> dropped = new ArrayList<>();
    while (next > first && at(first).revision() <= revision) {
      dropped.add(drop());
    }
    floor = Math.max(floor, revision);
    return dropped;
  }

  /** Puts {@code cursor} behind the last event up to its revision. */
  synchronized void place(EventCursor cursor) {
    if (cursor.after < floor) {
      throw new CompactedException(cursor.after, floor);
    }
    long low = first;
    long high = next;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(middle).revision() <= cursor.after) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    cursor.next = low;
  }

  /**
   * Moves {@code cursor} over at most {@code steps} events into {@code found}, until that holds
   * {@code limit}. A cursor that finds nothing at all waits from then on.
   *
   * @return whether the cursor reached the end
   */
  synchronized boolean read(EventCursor cursor, List<Event> found, int limit, int steps) {
    if (cursor.next < first) {
      throw new CompactedException(Math.max(cursor.after, cursor.seen), floor);
    }
    for (int i = 0; i < steps && cursor.next < next && found.size() < limit; i++) {
      Event event = at(cursor.next++);
      cursor.seen = event.revision();
      if (cursor.wants(event)) {
        found.add(event);
      }
    }
    boolean drained = cursor.next == next;
    if (drained && found.isEmpty()) {
      waiting.add(cursor);
    }
    return drained;
  }

  /** The revision up to which {@code cursor} has everything, if the store is at {@code now}. */
  synchronized long position(EventCursor cursor, long now) {
    if (cursor.next >= next) {
      return Math.max(Math.max(cursor.after, cursor.seen), now);
    }
    long upcoming = at(Math.max(cursor.next, first)).revision();
    return Math.max(cursor.after, upcoming - 1);
  }

  /** {@code cursor} is not called any more. */
  synchronized void forget(EventCursor cursor) {
    waiting.remove(cursor);
  }

  /** The callbacks of all that wait; they wait no longer. */
  synchronized List<Runnable> release() {
    List<Runnable> callbacks = waiting.stream().map(EventCursor::ready).toList();
    waiting.clear();
    return callbacks;
  }

  private Event at(long number) {
    return Objects.requireNonNull(slots[slot(number)]);
  }

  private int slot(long number) {
    return (int) (number & (slots.length - 1));
  }

  private void grow() {
    @Nullable Event[] larger = new Event[slots.length * 2];
    for (long number = first; number < next; number++) {
      larger[(int) (number & (larger.length - 1))] = at(number);
    }
    slots = larger;
  }

  /** What the event alone keeps alive: the value before, and a deleted object's last one. */
  private static long cost(Event event) {
    long previous = event.previous().map(entry -> entry.value().length).orElse(0);
    long last = event.kind() == Event.Kind.DELETED ? event.entry().value().length : 0;
    return EVENT_BYTES + previous + last;
  }
}
