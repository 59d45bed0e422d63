package dev.kapell.control.cache;

import dev.kapell.api.ApiObject;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects and their indexes, changed together under one lock that is held for memory work only.
 * Thread-safe; the cache lets one thread write at a time.
 */
final class Table<T extends ApiObject> {
  /** What is under one key, so that a change touches neither map. */
  private static final class Cell<T> {
    private T object;

    Cell(T object) {
      this.object = object;
    }
  }

  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  /** In the order of lists. */
  private final TreeMap<ObjectKey, Cell<T>> ordered = new TreeMap<>();

  /** The same, for most questions are for one. */
  private final Map<ObjectKey, Cell<T>> objects = new HashMap<>();

  private final Map<Index.Keys<?, ?>, Bucketed<T, ?>> indexes = new HashMap<>();

  Optional<T> find(ObjectKey key) {
    return reading(() -> Optional.ofNullable(objects.get(key)).map(cell -> cell.object));
  }

  List<T> all() {
    return reading(() -> objects(ordered));
  }

  List<T> in(String namespace) {
    ObjectKey from = new ObjectKey(namespace, "");
    // The first name of the next possible namespace: a namespace never holds the character NUL.
    ObjectKey to = new ObjectKey(namespace + '\0', "");
    return reading(() -> objects(ordered.subMap(from, true, to, false)));
  }

  private static <T> List<T> objects(Map<ObjectKey, Cell<T>> cells) {
    List<T> objects = new ArrayList<>(cells.size());
    cells.values().forEach(cell -> objects.add(cell.object));
    return Collections.unmodifiableList(objects);
  }

  int size() {
    return reading(objects::size);
  }

  /** Sets ({@code after}) or removes (null) what is under {@code key}; returns what was there. */
  @Nullable T put(ObjectKey key, @Nullable T after) {
    Lock writing = lock.writeLock();
    writing.lock();
    try {
      T before = after == null ? take(key) : set(key, after);
      for (Bucketed<T, ?> index : indexes.values()) {
        index.move(key, before, after);
      }
      return before;
    } finally {
      writing.unlock();
    }
  }

  private @Nullable T set(ObjectKey key, T after) {
    Cell<T> known = objects.get(key);
    if (known == null) {
      Cell<T> cell = new Cell<>(after);
      objects.put(key, cell);
      ordered.put(key, cell);
      return null;
    }
    T before = known.object;
    known.object = after;
    return before;
  }

  private @Nullable T take(ObjectKey key) {
    Cell<T> gone = objects.remove(key);
    if (gone == null) {
      return null;
    }
    ordered.remove(key);
    return gone.object;
  }

  @SuppressWarnings("unchecked") // the map holds, for each function, the index made from it
  <K> Index<T, K> index(Index.Keys<? super T, K> keys) {
    Lock writing = lock.writeLock();
    writing.lock();
    try {
      Bucketed<T, ?> known = indexes.get(keys);
      if (known != null) {
        return (Index<T, K>) known;
      }
      Bucketed<T, K> index = new Bucketed<>(this, keys);
      ordered.forEach((key, cell) -> index.move(key, null, cell.object));
      indexes.put(keys, index);
      return index;
    } finally {
      writing.unlock();
    }
  }

  private <R> R reading(Supplier<R> read) {
    Lock reading = lock.readLock();
    reading.lock();
    try {
      return read.get();
    } finally {
      reading.unlock();
    }
  }

  /** One index. Its buckets belong to the table's lock. */
  private static final class Bucketed<T extends ApiObject, K> implements Index<T, K> {
    private final Table<T> table;
    private final Keys<? super T, K> keys;
    private final Map<K, TreeMap<ObjectKey, T>> buckets = new HashMap<>();

    Bucketed(Table<T> table, Keys<? super T, K> keys) {
      this.table = table;
      this.keys = keys;
    }

    void move(ObjectKey key, @Nullable T before, @Nullable T after) {
      Set<K> now = after == null ? Set.of() : new HashSet<>(keys.of(after));
      if (before != null) {
        for (K old : keys.of(before)) {
          TreeMap<ObjectKey, T> bucket = buckets.get(old);
          if (bucket != null && !now.contains(old)) {
            bucket.remove(key);
            if (bucket.isEmpty()) {
              buckets.remove(old);
            }
          }
        }
      }
      if (after != null) {
        for (K current : now) {
          buckets.computeIfAbsent(current, k -> new TreeMap<>()).put(key, after);
        }
      }
    }

    @Override
    public List<T> get(K key) {
      return table.reading(
          () -> {
            TreeMap<ObjectKey, T> bucket = buckets.get(key);
            return bucket == null ? List.of() : new ArrayList<>(bucket.values());
          });
    }

    @Override
    public int count(K key) {
      return table.reading(
          () -> {
            TreeMap<ObjectKey, T> bucket = buckets.get(key);
            return bucket == null ? 0 : bucket.size();
          });
    }

    @Override
    public Set<K> keys() {
      return table.reading(() -> Set.copyOf(buckets.keySet()));
    }
  }
}
