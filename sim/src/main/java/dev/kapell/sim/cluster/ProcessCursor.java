package dev.kapell.sim.cluster;

import dev.kapell.store.CompactedException;
import dev.kapell.store.Cursor;
import dev.kapell.store.Event;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A watch of the store that the weather may delay or break. */
final class ProcessCursor implements Cursor {
  private final Cursor cursor;
  private final Runnable ready;
  private final Site site;
  private final long droppedBefore;
  private boolean waiting;
  private boolean due;

  ProcessCursor(Function<Runnable, Cursor> opened, Runnable ready, Site site) {
    this.ready = ready;
    this.site = site;
    this.droppedBefore = site.weather().droppedWatches();
    this.cursor = opened.apply(ready);
  }

  @Override
  public List<Event> poll(int limit) {
    if (site.weather().droppedWatches() != droppedBefore) {
      throw new CompactedException(cursor.position(), cursor.position() + 1);
    }
    Duration delay = site.weather().watchDelay();
    if (delay.isZero() || due) {
      due = false;
      return cursor.poll(limit);
    }
    if (!waiting) {
      waiting = true;
      site.lane().schedule(delay, this::deliver);
    }
    return List.of();
  }

  private void deliver() {
    waiting = false;
    due = true;
    ready.run();
  }

  @Override
  public long position() {
    return cursor.position();
  }

  @Override
  public void close() {
    cursor.close();
  }
}
