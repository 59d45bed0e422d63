package dev.kapell.apiserver.derived;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Other forms of stored bytes (records, protobuf, metadata alone), the most recently used ones
 * kept. The store hands the same array to every reader, so a form is made once for all of them.
 * Thread-safe; two that ask for the first time at once may both make it.
 *
 * @param <F> names a form
 * @param <V> a form's value, immutable
 */
public final class Derived<F, V> {
  /** The array itself, not what is in it. */
  private record Source<F>(byte[] bytes, F form) {
    @Override
    @SuppressWarnings("ReferenceEquality") // the very array is what is remembered
    public boolean equals(Object other) {
      return other instanceof Source<?> source && source.bytes == bytes && source.form.equals(form);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(bytes) + form.hashCode();
    }
  }

  private final long mostWeight;
  private final ToLongFunction<V> weigh;
  private final Map<Source<F>, V> known = new LinkedHashMap<>(16, 0.75f, true);
  private long weight;

  /** Keeps values that together weigh no more than {@code mostWeight}. */
  public Derived(long mostWeight, ToLongFunction<V> weigh) {
    this.mostWeight = mostWeight;
    this.weigh = weigh;
  }

  /**
   * The {@code form} of {@code bytes}, which nobody changes; {@code make} makes it when missing.
   */
  public V get(byte[] bytes, F form, Supplier<V> make) {
    Source<F> source = new Source<>(bytes, form);
    synchronized (known) {
      V found = known.get(source);
      if (found != null) {
        return found;
      }
    }
    V made = make.get();
    synchronized (known) {
      if (known.putIfAbsent(source, made) == null) {
        weight += weigh.applyAsLong(made);
        forget();
      }
    }
    return made;
  }

  private void forget() {
    Iterator<V> oldest = known.values().iterator();
    while (weight > mostWeight && oldest.hasNext()) {
      weight -= weigh.applyAsLong(oldest.next());
      oldest.remove();
    }
  }
}
