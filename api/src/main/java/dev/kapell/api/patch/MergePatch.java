package dev.kapell.api.patch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON merge patch, RFC 7386. Pure. */
public final class MergePatch {
  private MergePatch() {}

  /**
   * {@code target} changed by {@code patch}: a null member removes, an object merges, everything
   * else replaces.
   */
  @SuppressWarnings("unchecked") // a tree's maps have string keys
  public static @Nullable Object apply(@Nullable Object target, @Nullable Object patch) {
    if (!(patch instanceof Map<?, ?> changes)) {
      return patch;
    }
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    if (target instanceof Map<?, ?> map) {
      result.putAll((Map<String, @Nullable Object>) map);
    }
    changes.forEach(
        (key, value) -> {
          if (value == null) {
            result.remove(key);
          } else {
            result.put((String) key, apply(result.get(key), value));
          }
        });
    return result;
  }
}
