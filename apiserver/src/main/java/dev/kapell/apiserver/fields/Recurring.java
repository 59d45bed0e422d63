package dev.kapell.apiserver.fields;

import dev.kapell.base.Recent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What belongs to keys that come again and again, the most recently used ones kept. A key has to
 * come twice before it is kept, so that those that come once (with the address of a pod in them,
 * say) do not push the others out. Bounded, thread-safe.
 */
final class Recurring<K, V> {
  /** So many keys are kept. */
  private static final int MOST = 1_024;

  /** So many of those that came once are remembered, by their hashes. */
  private static final int ONCE = 4_096;

  private final Map<K, V> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Recent recent = new Recent(ONCE);

  synchronized Optional<V> find(K key) {
    return Optional.ofNullable(kept.get(key));
  }

  /** Whether {@code key}, which is not kept, was asked for before and is now to be kept. */
  synchronized boolean isAgain(K key) {
    return recent.isAgain(key.hashCode());
  }

  /** Keeps {@code value}, which nobody changes, under {@code key}, which nobody changes either. */
  synchronized void keep(K key, V value) {
    kept.put(key, value);
    if (kept.size() > MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }
}
