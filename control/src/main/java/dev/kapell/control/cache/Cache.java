package dev.kapell.control.cache;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one type as the API server last told them. Thread-safe; every read is one
 * consistent snapshot and never waits for I/O.
 *
 * <p>Two sources feed it: the watch ({@link Feed}) and the writers of this process ({@link
 * #written}). Revisions decide between them: the cache remembers up to which revision the watch has
 * told everything, and takes a written object only when its revision is above that; so a late
 * report of a write can never bring back what was deleted since. Changes are applied and told to
 * the handlers one at a time under {@code order}; the lock is held for memory work only.
 */
public final class Cache<T extends ApiObject> {
  private static final System.Logger LOG = System.getLogger("kapell.control");

  private final ResourceType<T> type;
  private final ListQuery query;
  private final Table<T> table = new Table<>();
  private final List<ChangeHandler<T>> handlers = new CopyOnWriteArrayList<>();
  private final ReentrantLock order = new ReentrantLock();
  private final CountDownLatch synced = new CountDownLatch(1);
  private final Map<ObjectKey, String> deletedUids = new HashMap<>();
  private long toldRevision;

  Cache(ResourceType<T> type, ListQuery query) {
    this.type = type;
    this.query = query;
  }

  /** What it holds. */
  public ResourceType<T> type() {
    return type;
  }

  /** The part of the type that it holds. */
  public ListQuery query() {
    return query;
  }

  /** The object, or empty when there is none. */
  public Optional<T> find(ObjectKey key) {
    return table.find(key);
  }

  /** Everything, in the order of namespace and name. */
  public List<T> all() {
    return table.all();
  }

  /** Everything in one namespace, by name. */
  public List<T> in(String namespace) {
    return table.in(namespace);
  }

  /** How many objects it holds. */
  public int size() {
    return table.size();
  }

  /** The objects by a derived key; two callers that pass the same {@code keys} share the index. */
  public <K> Index<T, K> index(Index.Keys<? super T, K> keys) {
    return table.index(keys);
  }

  /**
   * Tells {@code handler} what is there, on the caller's thread and before this returns, and from
   * then on every change.
   */
  public Registration onChange(ChangeHandler<T> handler) {
    order.lock();
    try {
      for (T object : table.all()) {
        handler.changed(null, object);
      }
      handlers.add(handler);
    } finally {
      order.unlock();
    }
    return () -> handlers.remove(handler);
  }

  /** Whether the first list has been read. */
  public boolean isSynced() {
    return synced.getCount() == 0;
  }

  /** Waits until the first list has been read; false when {@code limit} passed before. */
  public boolean awaitSynced(Duration limit) throws InterruptedException {
    return synced.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Takes over what a writer of this process has just got back from the server, ahead of the watch.
   * Ignored when the watch has already told that revision, or when this cache holds only a part of
   * its type.
   */
  public void written(T object) {
    if (!query.equals(ListQuery.ALL)) {
      return;
    }
    order.lock();
    try {
      if (isSynced() && revisionOf(object) > toldRevision) {
        set(object);
      }
    } finally {
      order.unlock();
    }
  }

  /**
   * Takes over that the server has accepted a writer's deletion, ahead of the watch: the object
   * shows a deletion time until the watch tells what became of it. So a loop that deletes "the two
   * worst" never picks two others because it looked too early.
   */
  public void deleted(ObjectKey key, String uid, Instant now) {
    order.lock();
    try {
      T held = table.find(key).orElse(null);
      if (held == null || !held.metadata().uidOr("").equals(uid) || isDeleting(held)) {
        return;
      }
      deletedUids.put(key, uid);
      T after = marked(held, now);
      table.put(key, after);
      notifyHandlers(held, after);
    } finally {
      order.unlock();
    }
  }

  private T marked(T object, Instant now) {
    return type.withMetadata(object, object.metadata().withDeletionTimestamp(now));
  }

  private static boolean isDeleting(ApiObject object) {
    return object.metadata().deletionTimestamp() != null;
  }

  void replaceAll(Listing<T> listing) {
    order.lock();
    try {
      long revision = parse(listing.resourceVersion());
      Set<ObjectKey> present = new HashSet<>();
      for (T object : listing.items()) {
        present.add(ObjectKey.of(object));
        set(object);
      }
      for (T object : table.all()) {
        ObjectKey key = ObjectKey.of(object);
        if (!present.contains(key) && revisionOf(object) <= revision) {
          remove(key, object);
        }
      }
      toldRevision = Math.max(toldRevision, revision);
      synced.countDown();
    } finally {
      order.unlock();
    }
  }

  void told(T object) {
    order.lock();
    try {
      set(object);
      toldRevision = Math.max(toldRevision, revisionOf(object));
    } finally {
      order.unlock();
    }
  }

  void toldGone(T last) {
    order.lock();
    try {
      toldRevision = Math.max(toldRevision, revisionOf(last));
      ObjectKey key = ObjectKey.of(last);
      Optional<T> held = table.find(key);
      if (held.isPresent() && revisionOf(held.get()) <= revisionOf(last)) {
        remove(key, last);
      }
    } finally {
      order.unlock();
    }
  }

  void toldUpTo(String revision) {
    order.lock();
    try {
      toldRevision = Math.max(toldRevision, parse(revision));
    } finally {
      order.unlock();
    }
  }

  private void set(T object) {
    ObjectKey key = ObjectKey.of(object);
    Optional<T> held = table.find(key);
    if (held.isPresent() && revisionOf(held.get()) >= revisionOf(object)) {
      return;
    }
    T after = stillDeleted(key, object, held.orElse(null));
    T before = table.put(key, after);
    if (before != null && !before.metadata().uidOr("").equals(object.metadata().uidOr(""))) {
      notifyHandlers(before, null);
      before = null;
    }
    notifyHandlers(before, after);
  }

  /** A report from before the deletion that this process has asked for says nothing against it. */
  private T stillDeleted(ObjectKey key, T object, @Nullable T held) {
    String uid = deletedUids.get(key);
    if (uid == null) {
      return object;
    }
    Instant since = held == null ? null : held.metadata().deletionTimestamp();
    if (since == null || isDeleting(object) || !uid.equals(object.metadata().uidOr(""))) {
      deletedUids.remove(key);
      return object;
    }
    return marked(object, since);
  }

  private void remove(ObjectKey key, T last) {
    deletedUids.remove(key);
    if (table.put(key, null) != null) {
      notifyHandlers(last, null);
    }
  }

  private void notifyHandlers(@Nullable T before, @Nullable T after) {
    for (ChangeHandler<T> handler : handlers) {
      try {
        handler.changed(before, after);
      } catch (RuntimeException e) {
        // A bug of one handler; the cache is shared, so the others still have to hear.
        LOG.log(System.Logger.Level.ERROR, "handler failed type=" + type, e);
      }
    }
  }

  private static long revisionOf(ApiObject object) {
    return parse(object.metadata().resourceVersionOr("0"));
  }

  private static long parse(String revision) {
    return revision.isEmpty() ? 0 : Long.parseLong(revision);
  }

  /** A handler that listens. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    /** Stops it; a call under way may still end. */
    @Override
    void close();
  }
}
