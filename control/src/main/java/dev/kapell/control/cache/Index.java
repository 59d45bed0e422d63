package dev.kapell.control.cache;

import dev.kapell.api.ApiObject;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A cache's objects by a derived key, for instance pods by node. Each read is one consistent
 * snapshot. Thread-safe.
 *
 * @param <T> the objects
 * @param <K> the key; needs {@code equals} and {@code hashCode}
 */
public interface Index<T extends ApiObject, K> {
  /** What has this key, in the order of namespace and name; empty when there is none. */
  List<T> get(K key);

  /** How many objects have this key. */
  int count(K key);

  /** The keys that some object has. */
  Set<K> keys();

  /** Says under which keys an object is found. Pure. Indexes are shared by identity of this. */
  @FunctionalInterface
  interface Keys<T, K> {
    /** The keys of {@code object}; empty to leave it out. */
    Collection<K> of(T object);
  }
}
