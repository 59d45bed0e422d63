package dev.kapell.controllers.autoscaling;

import dev.kapell.api.selector.LabelQuery;
import dev.kapell.client.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The history of each autoscaler, and which pods it was last seen to be for. Thread-safe; as large
 * as there are autoscalers.
 */
final class Histories {
  private final Map<ObjectKey, History> histories = new ConcurrentHashMap<>();
  private final Map<ObjectKey, LabelQuery> selectors = new ConcurrentHashMap<>();

  /** The history after {@code change}. */
  History change(ObjectKey key, UnaryOperator<History> change) {
    return histories.compute(
        key, (k, before) -> change.apply(before == null ? History.NONE : before));
  }

  void selects(ObjectKey key, LabelQuery pods) {
    selectors.put(key, pods);
  }

  /** Other autoscalers of the namespace that are for one of the pods with these labels. */
  List<ObjectKey> rivals(ObjectKey key, List<Map<String, String>> labels) {
    List<ObjectKey> rivals = new ArrayList<>();
    selectors.forEach(
        (other, pods) -> {
          boolean near = other.namespace().equals(key.namespace()) && !other.equals(key);
          if (near && labels.stream().anyMatch(pods::matches)) {
            rivals.add(other);
          }
        });
    rivals.sort(null);
    return rivals;
  }

  void forget(ObjectKey key) {
    histories.remove(key);
    selectors.remove(key);
  }
}
