package dev.kapell.apiserver.metrics;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The members of a family by the values of their labels. Bounded: what is too many shares one
 * member whose values are {@code other}.
 */
final class Series<T> {
  private static final int MOST = 10_000;

  private final Map<List<String>, T> members = new ConcurrentHashMap<>();
  private final int labels;
  private final Supplier<T> fresh;

  Series(int labels, Supplier<T> fresh) {
    this.labels = labels;
    this.fresh = fresh;
  }

  T get(List<String> values) {
    T known = members.get(values);
    if (known != null) {
      return known;
    }
    if (values.size() != labels) {
      throw new IllegalArgumentException(labels + " labels, not " + values);
    }
    List<String> place =
        members.size() < MOST ? List.copyOf(values) : Collections.nCopies(labels, "other");
    return members.computeIfAbsent(place, _ -> fresh.get());
  }

  /** Each member, sorted by its values. */
  void each(BiConsumer<List<String>, T> action) {
    TreeMap<List<String>, T> sorted =
        new TreeMap<>((a, b) -> String.join("\0", a).compareTo(String.join("\0", b)));
    sorted.putAll(members);
    sorted.forEach(action);
  }
}
