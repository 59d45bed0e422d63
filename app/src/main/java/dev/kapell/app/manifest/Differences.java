package dev.kapell.app.manifest;

import dev.kapell.api.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In which fields an object would change. What the server keeps books with does not count. Pure.
 */
final class Differences {
  private static final Set<String> BOOKS =
      Set.of(
          "metadata.managedFields",
          "metadata.resourceVersion",
          "metadata.generation",
          "metadata.uid",
          "metadata.creationTimestamp",
          "metadata.annotations[" + LastApplied.ANNOTATION + "]",
          "status");

  private static final int LONGEST = 60;

  private Differences() {}

  /** One line each: {@code spec.replicas: 2 -> 5}. */
  static List<String> between(Map<String, Object> before, Map<String, Object> after) {
    List<String> lines = new ArrayList<>();
    compare("", before, after, lines);
    return lines;
  }

  private static void compare(
      String path, @Nullable Object before, @Nullable Object after, List<String> lines) {
    if (BOOKS.contains(path)) {
      return;
    }
    if (before instanceof Map<?, ?> one && after instanceof Map<?, ?> other) {
      Set<Object> keys = new LinkedHashSet<>(one.keySet());
      keys.addAll(other.keySet());
      keys.forEach(key -> compare(path(path, key), one.get(key), other.get(key), lines));
    } else if (before instanceof List<?> one && after instanceof List<?> other) {
      for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
        compare(
            path + "[" + i + "]",
            i < one.size() ? one.get(i) : null,
            i < other.size() ? other.get(i) : null,
            lines);
      }
    } else if (!text(before).equals(text(after)) && !(isNothing(before) && isNothing(after))) {
      lines.add(path + ": " + brief(before) + " -> " + brief(after));
    }
  }

  private static boolean isNothing(@Nullable Object value) {
    return value == null
        || (value instanceof Map<?, ?> map && map.isEmpty())
        || (value instanceof List<?> list && list.isEmpty());
  }

  private static String path(String parent, Object key) {
    String name = String.valueOf(key);
    if (name.indexOf('.') >= 0 || name.indexOf('/') >= 0) {
      return parent + "[" + name + "]";
    }
    return parent.isEmpty() ? name : parent + "." + name;
  }

  private static String brief(@Nullable Object value) {
    String text = value == null ? "(none)" : text(value);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text
        ? text
        : new String(JsonCodec.writeTree(value), StandardCharsets.UTF_8);
  }
}
