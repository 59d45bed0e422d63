package dev.kapell.store;

import java.util.ArrayList;
import java.util.List;

/** A reader's place in a ring. Its number is guarded by the ring's lock. */
final class EventCursor implements Cursor {
  /** How many events a cursor looks at before it lets the writer in again. */
  private static final int STEPS = 512;

  /** Events up to this revision are none of its business. */
  final long after;

  /** The number of the next event to look at; guarded by the ring. */
  long next;

  /** The revision of the last event it looked at; guarded by the ring. */
  long seen;

  private final Histories histories;
  private final EventRing ring;
  private final String prefix;
  private final Runnable ready;

  EventCursor(Histories histories, EventRing ring, String prefix, long after, Runnable ready) {
    this.histories = histories;
    this.ring = ring;
    this.prefix = prefix;
    this.after = after;
    this.ready = ready;
  }

  boolean wants(Event event) {
    return event.revision() > after && event.entry().key().path().startsWith(prefix);
  }

  Runnable ready() {
    return ready;
  }

  @Override
  public List<Event> poll(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a poll asks for at least one event");
    }
    List<Event> found = new ArrayList<>();
    boolean drained = false;
    while (!drained && found.size() < limit) {
      drained = ring.read(this, found, limit, STEPS);
    }
    if (found.isEmpty()) {
      histories.requireOpen();
    }
    return found;
  }

  @Override
  public long position() {
    long published = histories.revision();
    return ring.position(this, published);
  }

  @Override
  public void close() {
    ring.forget(this);
  }
}
