package dev.kapell.apiserver.fields;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values of trees, and their absence, which is not JSON's null. */
final class Values {
  /** Stands where there is nothing. */
  static final Object ABSENT = new Object();

  private Values() {}

  static boolean isAbsent(@Nullable Object value) {
    return ABSENT.equals(value);
  }

  static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  /** Nothing, null, or a map or list without anything in it. */
  static boolean isEmpty(@Nullable Object value) {
    return map(value).isEmpty() && list(value).isEmpty();
  }

  /** Whether two values say the same; 1 and 1.0 do. */
  static boolean equal(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Map<?, ?> first && other instanceof Map<?, ?> second) {
      return first.size() == second.size()
          && first.entrySet().stream()
              .allMatch(
                  entry ->
                      second.containsKey(entry.getKey())
                          && equal(entry.getValue(), second.get(entry.getKey())));
    }
    if (one instanceof List<?> first && other instanceof List<?> second) {
      Iterator<?> others = second.iterator();
      return first.size() == second.size()
          && first.stream().allMatch(item -> equal(item, others.next()));
    }
    if (one instanceof Number first && other instanceof Number second) {
      return first.equals(second) || first.doubleValue() == second.doubleValue();
    }
    return Objects.equals(one, other);
  }
}
