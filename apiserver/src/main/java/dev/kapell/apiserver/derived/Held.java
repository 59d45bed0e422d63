package dev.kapell.apiserver.derived;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was made of stored bytes, found as long as somebody else holds it: a cache that has all pods
 * needs no second one to know them by. Thread-safe, under its own lock.
 *
 * @param <F> names a form
 * @param <V> a form's value, immutable
 */
public final class Held<F, V> {
  private static final class Reference<F, V> extends WeakReference<V> {
    private final Source<F> source;

    Reference(Source<F> source, V value, ReferenceQueue<V> gone) {
      super(value, gone);
      this.source = source;
    }
  }

  private final Map<Source<F>, Reference<F, V>> known = new HashMap<>();
  private final ReferenceQueue<V> gone = new ReferenceQueue<>();

  /** {@code value} is the {@code form} of {@code bytes}, which nobody changes. */
  public void put(byte[] bytes, F form, V value) {
    Source<F> source = new Source<>(bytes, form);
    synchronized (known) {
      forgetGone();
      known.put(source, new Reference<>(source, value, gone));
    }
  }

  /** The {@code form} of {@code bytes}, if anybody holds it. */
  public Optional<V> find(byte[] bytes, F form) {
    synchronized (known) {
      Reference<F, V> reference = known.get(new Source<>(bytes, form));
      return reference == null ? Optional.empty() : Optional.ofNullable(reference.get());
    }
  }

  /** How many are known; those that nobody holds any more count until they are noticed. */
  int size() {
    synchronized (known) {
      forgetGone();
      return known.size();
    }
  }

  private void forgetGone() {
    for (var next = gone.poll(); next != null; next = gone.poll()) {
      if (next instanceof Reference<?, ?> reference) {
        known.remove(reference.source, reference);
      }
    }
  }
}
