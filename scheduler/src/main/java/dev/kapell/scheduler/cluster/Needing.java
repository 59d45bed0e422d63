package dev.kapell.scheduler.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Things that are about pods with certain labels, found by the labels of a pod: each is kept under
 * one label that a pod needs so that it is meant. One thread's.
 *
 * @param <T> what is about pods
 */
final class Needing<T> {
  private final Map<Map.Entry<String, String>, Set<T>> kept = new HashMap<>();
  private final Map<T, Map.Entry<String, String>> labelOf = new HashMap<>();

  /** Those that do not say which labels. */
  private final Set<T> unsaid = new LinkedHashSet<>();

  void add(T thing, Map<String, String> needed) {
    needed.entrySet().stream()
        .map(label -> Map.entry(label.getKey(), label.getValue()))
        .min((one, other) -> Integer.compare(count(one), count(other)))
        .ifPresentOrElse(
            label -> {
              labelOf.put(thing, label);
              kept.computeIfAbsent(label, l -> new LinkedHashSet<>()).add(thing);
            },
            () -> unsaid.add(thing));
  }

  private int count(Map.Entry<String, String> label) {
    Set<T> those = kept.get(label);
    return those == null ? 0 : those.size();
  }

  void remove(T thing) {
    unsaid.remove(thing);
    Map.Entry<String, String> label = labelOf.remove(thing);
    if (label != null) {
      kept.computeIfPresent(
          label, (l, those) -> those.remove(thing) && those.isEmpty() ? null : those);
    }
  }

  /** At least those that are about pods with {@code labels}, and as few others as easily told. */
  List<T> about(Map<String, String> labels) {
    List<T> found = new ArrayList<>(unsaid);
    labels.forEach(
        (name, value) -> {
          Set<T> those = kept.get(Map.entry(name, value));
          if (those != null) {
            found.addAll(those);
          }
        });
    return found;
  }
}
