package dev.kapell.control.cache;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.base.Clock;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Reader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The caches of one process: one list and watch for each type and query, shared by everybody who
 * asks. Thread-safe. Closing ends all watches.
 */
public final class Caches implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.control");

  /** The type by its name: types of custom resources are made anew at each discovery. */
  private record Key(String type, boolean metadataOnly, ListQuery query) {
    Key(ResourceType<?> type, ListQuery query) {
      this(type.toString(), type.isMetadataOnly(), query);
    }
  }

  private record Running(Cache<?> cache, Thread feed) {}

  private final Reader reader;
  private final Clock clock;
  private final TaskScope scope =
      new TaskScope(
          "caches",
          (task, cause) -> LOG.log(System.Logger.Level.ERROR, "cache ended task=" + task, cause));
  private final Map<Key, Running> running = new HashMap<>();

  /** No cache runs before it is asked for. */
  public Caches(Reader reader, Clock clock) {
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * The cache of a whole type; the first call starts it. Returns at once, perhaps before it is
   * synced.
   */
  public <T extends ApiObject> Cache<T> of(ResourceType<T> type) {
    return of(type, ListQuery.ALL);
  }

  /**
   * A cache of a whole type for those who only look at metadata: the full one where somebody has
   * asked for that before, else one that reads and keeps no more.
   */
  public synchronized Cache<? extends ApiObject> metadata(ResourceType<?> type) {
    Running whole = running.get(new Key(type, ListQuery.ALL));
    return whole == null ? of(type.metadataOnly()) : whole.cache();
  }

  /** The cache of a part of a type, for instance the pods of one node. */
  @SuppressWarnings("unchecked") // the key holds the type, so the cache found under it has it
  public synchronized <T extends ApiObject> Cache<T> of(ResourceType<T> type, ListQuery query) {
    Key key = new Key(type, query);
    Running known = running.get(key);
    if (known != null) {
      return (Cache<T>) known.cache();
    }
    Cache<T> cache = new Cache<>(type, query);
    Feed<T> feed = new Feed<>(reader, clock, cache);
    Thread thread = scope.start(type.qualifiedName(), feed::run);
    running.put(key, new Running(cache, thread));
    return cache;
  }

  /** The cache of a whole type if somebody has asked for it. */
  @SuppressWarnings("unchecked") // as above
  public synchronized <T extends ApiObject> Optional<Cache<T>> running(ResourceType<T> type) {
    Running known = running.get(new Key(type, ListQuery.ALL));
    return known == null ? Optional.empty() : Optional.of((Cache<T>) known.cache());
  }

  /** Ends the cache of a type that is no longer served. */
  public synchronized void drop(ResourceType<?> type) {
    Running dropped = running.remove(new Key(type, ListQuery.ALL));
    if (dropped != null) {
      dropped.feed().interrupt();
    }
  }

  /** Waits until every cache asked for so far is synced; false when {@code limit} passed before. */
  public boolean awaitSynced(Duration limit) throws InterruptedException {
    List<Running> all;
    synchronized (this) {
      all = List.copyOf(running.values());
    }
    long deadline = clock.nanoTime() + limit.toNanos();
    for (Running one : all) {
      if (!one.cache().awaitSynced(Duration.ofNanos(deadline - clock.nanoTime()))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    scope.close();
  }
}
