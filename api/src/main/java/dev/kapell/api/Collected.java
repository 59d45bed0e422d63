package dev.kapell.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the generated constructors do with collections. */
public final class Collected {
  private Collected() {}

  /** An unmodifiable copy. */
  public static <T> List<T> list(List<T> items) {
    return List.copyOf(items);
  }

  /** An unmodifiable copy that keeps the order. */
  public static <T> Map<String, T> map(Map<String, T> members) {
    return members.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** {@code value}, or {@code other} when it is null. */
  public static <T> T or(@Nullable T value, T other) {
    return value == null ? other : value;
  }
}
