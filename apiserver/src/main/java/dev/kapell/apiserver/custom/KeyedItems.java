package dev.kapell.apiserver.custom;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The items of a list of maps, to be found by their keys. Immutable. */
final class KeyedItems {
  private final List<String> keys;
  private final Map<List<@Nullable Object>, Object> items;

  private KeyedItems(List<String> keys, Map<List<@Nullable Object>, Object> items) {
    this.keys = keys;
    this.items = items;
  }

  /** Without keys nothing is found: such items can not be told apart. */
  static KeyedItems of(List<String> keys, List<?> list) {
    Map<List<@Nullable Object>, Object> items = new HashMap<>();
    if (!keys.isEmpty()) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          items.putIfAbsent(identity(keys, map), map);
        }
      }
    }
    return new KeyedItems(keys, items);
  }

  /** The one with the same keys as {@code item}; null when there is none. */
  @Nullable Object like(@Nullable Object item) {
    return item instanceof Map<?, ?> map ? items.get(identity(keys, map)) : null;
  }

  private static List<@Nullable Object> identity(List<String> keys, Map<?, ?> item) {
    List<@Nullable Object> values = new ArrayList<>(keys.size());
    keys.forEach(key -> values.add(item.get(key)));
    return Collections.unmodifiableList(values);
  }
}
