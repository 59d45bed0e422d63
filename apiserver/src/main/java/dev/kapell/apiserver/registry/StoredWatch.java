package dev.kapell.apiserver.registry;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.WatchStream;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.store.CompactedException;
import dev.kapell.store.Cursor;
import dev.kapell.store.Entry;
import dev.kapell.store.Event;
import dev.kapell.store.Store;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A watch over a cursor of the store.
 *
 * <p>The poller owns everything but the flags: the store's writer, the clock and the poller's own
 * loop meet in {@link #ready}, {@code bookmarkDue} and {@code timedOut}, which are volatile.
 */
final class StoredWatch implements WatchStream {
  private static final Duration BOOKMARK_EVERY = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofMinutes(60);
  private static final int BATCH = 256;

  private final Row row;
  private final Selection selection;
  private final Clock clock;
  private final boolean bookmarks;
  private Iterator<Event> events = Collections.emptyIterator();
  private final Clock.Alarm timeout;
  private @Nullable Stream<Entry> initialStream;
  private @Nullable Iterator<Entry> initial;
  private @Nullable Frame initialEnd;
  private @Nullable Cursor cursor;
  private @Nullable Frame failure;
  private Clock.@Nullable Alarm bookmarkAlarm;
  private volatile Runnable ready = () -> {};
  private volatile boolean bookmarkDue;
  private volatile boolean timedOut;
  private volatile boolean ended;
  private volatile boolean closed;

  StoredWatch(Row row, Selection selection, Clock clock, RequestOptions options) {
    this.row = row;
    this.selection = selection;
    this.clock = clock;
    this.bookmarks = options.allowWatchBookmarks();
    this.timeout = clock.schedule(options.timeout().orElse(LONGEST), this::timeOut);
    if (bookmarks) {
      scheduleBookmark();
    }
  }

  /** Sends {@code state} as events first. */
  void begin(Stream<Entry> state, long revision, boolean markEnd) {
    initialStream = state;
    initial = state.iterator();
    if (markEnd && bookmarks) {
      initialEnd = bookmark(revision, true);
    }
  }

  /** Then sends what changed after {@code revision}. */
  void follow(Store store, String prefix, long revision) {
    try {
      cursor = store.watch(row.table(), prefix, revision, () -> ready.run());
    } catch (CompactedException e) {
      failure = expired(e);
    }
  }

  private void scheduleBookmark() {
    bookmarkAlarm =
        clock.schedule(
            BOOKMARK_EVERY,
            () -> {
              bookmarkDue = true;
              ready.run();
            });
  }

  private void timeOut() {
    timedOut = true;
    ready.run();
  }

  @Override
  public Optional<Frame> poll() {
    if (ended || closed) {
      return Optional.empty();
    }
    while (initial != null) {
      if (!initial.hasNext()) {
        closeInitial();
      } else {
        Entry entry = initial.next();
        if (selection.matches(entry)) {
          return Optional.of(new Frame("ADDED", Versions.served(row, entry.value())));
        }
      }
    }
    if (initialEnd != null) {
      Frame frame = initialEnd;
      initialEnd = null;
      return Optional.of(frame);
    }
    if (failure != null) {
      ended = true;
      return Optional.of(failure);
    }
    return next();
  }

  private Optional<Frame> next() {
    try {
      while (true) {
        if (!events.hasNext() && cursor != null) {
          events = cursor.poll(BATCH).iterator();
        }
        if (!events.hasNext()) {
          return idle();
        }
        Optional<Frame> frame = frame(events.next());
        if (frame.isPresent()) {
          return frame;
        }
      }
    } catch (CompactedException e) {
      ended = true;
      return Optional.of(expired(e));
    }
  }

  private Optional<Frame> idle() {
    long position = cursor == null ? 0 : cursor.position();
    if (timedOut) {
      ended = true;
      return bookmarks && position > 0 ? Optional.of(bookmark(position, false)) : Optional.empty();
    }
    if (bookmarkDue) {
      bookmarkDue = false;
      scheduleBookmark();
      return Optional.of(bookmark(position, false));
    }
    return Optional.empty();
  }

  private Optional<Frame> frame(Event event) {
    Entry entry = event.entry();
    if (event.kind() == Event.Kind.DELETED) {
      boolean seen = selection.matches(event.previous().orElse(entry));
      return seen ? Optional.of(frame("DELETED", entry.value())) : Optional.empty();
    }
    boolean now = selection.matches(entry);
    Optional<Entry> before = event.previous().filter(selection::matches);
    if (now) {
      return Optional.of(frame(before.isPresent() ? "MODIFIED" : "ADDED", entry.value()));
    }
    // Left the selection: what the watcher knew, at the revision of its leaving.
    return before.map(
        previous -> {
          Obj object = Obj.root(Wire.parse(previous.value()));
          object.make("metadata").put("resourceVersion", Long.toString(event.revision()));
          return frame("DELETED", Wire.plain(object.map()));
        });
  }

  private Frame frame(String type, byte[] stored) {
    return new Frame(type, Versions.served(row, stored));
  }

  private Frame bookmark(long revision, boolean initialEvents) {
    Obj metadata = Obj.root(Obj.tree("resourceVersion", Long.toString(revision)));
    if (initialEvents) {
      metadata.put("annotations", Obj.tree("k8s.io/initial-events-end", "true"));
    }
    return new Frame(
        "BOOKMARK",
        Wire.plain(
            Obj.tree(
                "kind",
                row.resource().kind(),
                "apiVersion",
                row.resource().apiVersion(),
                "metadata",
                metadata.map())));
  }

  private static Frame expired(CompactedException e) {
    Status status = Failures.expired("too old resource version: " + e.getMessage()).status();
    return new Frame("ERROR", JsonCodec.encode(Status.CODEC, status));
  }

  @Override
  public boolean ended() {
    return ended || closed;
  }

  @Override
  public void onReady(Runnable callback) {
    ready = callback;
    callback.run();
  }

  private void closeInitial() {
    initial = null;
    if (initialStream != null) {
      initialStream.close();
      initialStream = null;
    }
  }

  @Override
  public void close() {
    closed = true;
    timeout.cancel();
    if (bookmarkAlarm != null) {
      bookmarkAlarm.cancel();
    }
    if (cursor != null) {
      cursor.close();
    }
  }
}
