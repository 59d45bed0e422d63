package dev.kapell.app.tree;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads values out of decoded JSON by path, where the shape is not known to be right. Pure. */
public final class Tree {
  private Tree() {}

  /** The value at {@code path}, or null where anything on the way is missing. */
  public static @Nullable Object at(@Nullable Object tree, String... path) {
    Object here = tree;
    for (String name : path) {
      if (!(here instanceof Map<?, ?> map)) {
        return null;
      }
      here = map.get(name);
    }
    return here;
  }

  /** The text at {@code path}, empty when there is none. */
  public static String text(@Nullable Object tree, String... path) {
    return at(tree, path) instanceof String text ? text : "";
  }

  /** The whole number at {@code path}, or {@code fallback}. */
  public static long number(@Nullable Object tree, long fallback, String... path) {
    return at(tree, path) instanceof Number number ? number.longValue() : fallback;
  }

  /** The text members at {@code path}, for instance labels; empty when there are none. */
  public static Map<String, String> texts(@Nullable Object tree, String... path) {
    Map<String, String> texts = new LinkedHashMap<>();
    map(tree, path).forEach((name, value) -> texts.put(name, String.valueOf(value)));
    return texts;
  }

  /** The elements at {@code path}, empty when there are none. */
  public static List<?> list(@Nullable Object tree, String... path) {
    return at(tree, path) instanceof List<?> list ? list : List.of();
  }

  /** The members at {@code path}, empty when there are none. */
  @SuppressWarnings("unchecked") // decoded JSON: keys are strings
  public static Map<String, Object> map(@Nullable Object tree, String... path) {
    return at(tree, path) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
