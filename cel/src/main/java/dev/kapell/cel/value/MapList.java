package dev.kapell.cel.value;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list whose order says nothing: {@code x-kubernetes-list-type} {@code set} or {@code map}. Two
 * are equal when they hold the same; adding one to another merges by key.
 */
public final class MapList extends AbstractList<@Nullable Object> {
  private final List<?> items;
  private final List<String> keys;

  /**
   * A view.
   *
   * @param items its items
   * @param keys the fields that identify an item; none: the item identifies itself (a set)
   */
  public MapList(List<?> items, List<String> keys) {
    this.items = items;
    this.keys = List.copyOf(keys);
  }

  @Override
  public @Nullable Object get(int index) {
    return items.get(index);
  }

  @Override
  public int size() {
    return items.size();
  }

  /** What identifies an item. */
  private Object key(@Nullable Object item) {
    if (keys.isEmpty() || !(item instanceof Map<?, ?> map)) {
      return Values.of(item);
    }
    List<Object> key = new ArrayList<>();
    keys.forEach(field -> key.add(Values.of(map.get(field))));
    return key;
  }

  private Map<Object, @Nullable Object> byKey(List<?> list) {
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    list.forEach(item -> map.put(key(item), item));
    return map;
  }

  /** Whether {@code other} holds the same items, in whatever order. */
  public boolean holdsSame(List<?> other) {
    if (other.size() != size()) {
      return false;
    }
    Map<Object, @Nullable Object> mine = byKey(items);
    for (Object item : other) {
      Object key = key(item);
      if (!mine.containsKey(key) || !Values.equal(Values.of(mine.get(key)), Values.of(item))) {
        return false;
      }
    }
    return true;
  }

  /** This list with the items of {@code other}, which replace those of the same key in place. */
  public MapList merged(List<?> other) {
    Map<Object, @Nullable Object> merged = byKey(items);
    other.forEach(item -> merged.put(key(item), item));
    return new MapList(new ArrayList<>(merged.values()), keys);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof List<?> list && holdsSame(list);
  }

  @Override
  public int hashCode() {
    return items.size();
  }
}
