package dev.kapell.store;

import java.util.List;

/**
 * A place in the log, from which a reader takes events in order, each once. One thread at a time.
 */
public interface Cursor extends AutoCloseable {
  /**
   * The next events, at most {@code limit}, empty when there are none now. Never blocks.
   *
   * @throws CompactedException when the reader fell out of the kept history; it has to list again
   */
  List<Event> poll(int limit);

  /**
   * Every event of this cursor up to this revision has been returned by {@link #poll}, also when
   * the table's last change is older. For bookmarks.
   */
  long position();

  @Override
  void close();
}
