package dev.kapell.scheduler.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Kinds of pods, found by the labels that pods of theirs need: whoever is about {@code app=web}
 * looks at those that have this label, not at all that there are. One thread's.
 *
 * @param <T> what has labels
 */
final class Labelled<T> {
  private final Map<Map.Entry<String, String>, Set<T>> byLabel = new HashMap<>();
  private final Set<T> all = new LinkedHashSet<>();

  void add(T one, Map<String, String> labels) {
    all.add(one);
    labels.forEach(
        (name, value) ->
            byLabel.computeIfAbsent(Map.entry(name, value), l -> new LinkedHashSet<>()).add(one));
  }

  void remove(T one, Map<String, String> labels) {
    all.remove(one);
    labels.forEach(
        (name, value) ->
            byLabel.computeIfPresent(
                Map.entry(name, value),
                (label, those) -> those.remove(one) && those.isEmpty() ? null : those));
  }

  /** At least those that have all of {@code needed}, and as few others as is easily told. */
  Collection<T> having(Map<String, String> needed) {
    Collection<T> fewest = all;
    for (Map.Entry<String, String> label : needed.entrySet()) {
      Set<T> those = byLabel.getOrDefault(Map.entry(label.getKey(), label.getValue()), Set.of());
      if (those.size() < fewest.size()) {
        fewest = those;
      }
    }
    return fewest;
  }
}
