package dev.kapell.app.manifest;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to change so that an object becomes as wanted: everything wanted, and the removal of
 * what was wanted the last time and is no longer. What others have set meanwhile stays. A strategic
 * merge patch for built-in kinds, a merge patch for custom ones. Pure.
 */
final class ThreeWay {
  private final Optional<TypeSchema> type;
  private final boolean strategic;

  ThreeWay(String apiVersion, String kind, boolean strategic) {
    this.type = strategic ? Schema.kind(apiVersion, kind) : Optional.empty();
    this.strategic = strategic;
  }

  /** Whether the kind is a built-in one, which takes strategic merge patches. */
  static boolean knows(String apiVersion, String kind) {
    return Schema.kind(apiVersion, kind).isPresent();
  }

  /** The patch from {@code last} (empty: never applied) to {@code wanted}. */
  Map<String, Object> patch(Map<String, Object> last, Map<String, Object> wanted) {
    return object(last, wanted, type);
  }

  @SuppressWarnings("unchecked") // a tree's maps have string keys
  private Map<String, Object> object(
      Map<?, ?> last, Map<String, Object> wanted, Optional<TypeSchema> of) {
    Map<String, @Nullable Object> patch = new LinkedHashMap<>();
    wanted.forEach(
        (key, value) ->
            patch.put(key, value(last.get(key), value, of.map(t -> t.fields().get(key)))));
    last.forEach(
        (key, value) -> {
          if (!wanted.containsKey(key)) {
            patch.put((String) key, null);
          }
        });
    return (Map<String, Object>) (Map<String, ?>) patch;
  }

  @SuppressWarnings("unchecked") // a tree's maps have string keys
  private @Nullable Object value(
      @Nullable Object last, @Nullable Object wanted, Optional<FieldSchema> field) {
    if (wanted instanceof Map<?, ?> map) {
      Map<?, ?> before = last instanceof Map<?, ?> previous ? previous : Map.of();
      return object(before, (Map<String, Object>) map, element(field));
    }
    boolean merged =
        strategic
            && field.isPresent()
            && field.get().mergesList()
            && !field.get().mergeKey().isEmpty();
    if (wanted instanceof List<?> items && merged) {
      return list(last instanceof List<?> previous ? previous : List.of(), items, field.get());
    }
    return wanted;
  }

  private static Optional<TypeSchema> element(Optional<FieldSchema> field) {
    return field
        .filter(f -> f.isReference() && f.form() != FieldSchema.Form.MAP)
        .flatMap(f -> Schema.type(f.reference()));
  }

  @SuppressWarnings("unchecked") // a tree's maps have string keys
  private List<Object> list(List<?> last, List<?> wanted, FieldSchema field) {
    String key = field.mergeKey();
    Optional<TypeSchema> of = Schema.type(field.reference());
    List<Object> patch = new ArrayList<>();
    for (Object item : wanted) {
      Object before = find(last, key, member(item, key));
      patch.add(
          item instanceof Map<?, ?> map
              ? object(
                  before instanceof Map<?, ?> previous ? previous : Map.of(),
                  (Map<String, Object>) map,
                  of)
              : item);
    }
    for (Object item : last) {
      Object name = member(item, key);
      if (name != null && find(wanted, key, name) == null) {
        patch.add(new LinkedHashMap<>(Map.of("$patch", "delete", key, name)));
      }
    }
    return patch;
  }

  private static @Nullable Object member(@Nullable Object item, String key) {
    return item instanceof Map<?, ?> map ? map.get(key) : null;
  }

  private static @Nullable Object find(List<?> items, String key, @Nullable Object value) {
    for (Object item : items) {
      if (value != null && value.equals(member(item, key))) {
        return item;
      }
    }
    return null;
  }
}
