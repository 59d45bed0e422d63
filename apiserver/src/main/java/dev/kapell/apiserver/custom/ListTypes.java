package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.validation.Errors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether lists that are sets or maps ({@code x-kubernetes-list-type}) have each member once. What
 * comes three times is told of once, at its second place. Stateless.
 */
final class ListTypes {
  private ListTypes() {}

  /**
   * Reports what comes twice in {@code object}; nothing when that was so in {@code old} already.
   *
   * @param old the object that it replaces; null when it is new
   */
  static void check(
      Map<String, Object> object,
      @Nullable Map<String, Object> old,
      Map<String, Object> schema,
      Errors errors) {
    Errors found = new Errors();
    check(object, schema, "", found);
    if (found.isEmpty()) {
      return;
    }
    Errors before = new Errors();
    if (old != null) {
      check(old, schema, "", before);
    }
    if (before.isEmpty()) {
      found.list().forEach(errors::add);
    }
  }

  /** Reports what comes twice in {@code value}, which stands at {@code path}. */
  static void check(
      @Nullable Object value, Map<String, Object> schema, String path, Errors errors) {
    if (value instanceof List<?> list) {
      unique(list, schema, path, errors);
      StructuralSchema.child(schema, "items")
          .ifPresent(
              items -> {
                for (int i = 0; i < list.size(); i++) {
                  check(list.get(i), items, path + "[" + i + "]", errors);
                }
              });
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> properties =
          StructuralSchema.child(schema, "properties").orElse(Map.of());
      var additional = StructuralSchema.child(schema, "additionalProperties");
      StructuralSchema.cast(map)
          .forEach(
              (field, inner) -> {
                var property = StructuralSchema.child(properties, field);
                if (property.isPresent()) {
                  String at = path.isEmpty() ? field : path + "." + field;
                  check(inner, property.get(), at, errors);
                } else if (additional.isPresent()) {
                  check(inner, additional.get(), path + "[" + field + "]", errors);
                }
              });
    }
  }

  private static void unique(List<?> list, Map<String, Object> schema, String path, Errors errors) {
    boolean map = "map".equals(schema.get("x-kubernetes-list-type"));
    if (!map && !"set".equals(schema.get("x-kubernetes-list-type"))) {
      return;
    }
    List<String> keys = keys(schema);
    Map<Object, Integer> times = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      Object identity =
          map ? identity(list.get(i), keys) : Objects.requireNonNullElse(list.get(i), Map.of());
      if (times.merge(identity, 1, Integer::sum) == 2) {
        Object shown = map ? identity : list.get(i);
        errors.add(FieldError.duplicate(path + "[" + i + "]", shown));
      }
    }
  }

  private static Map<String, @Nullable Object> identity(@Nullable Object item, List<String> keys) {
    Map<String, @Nullable Object> identity = new LinkedHashMap<>();
    if (item instanceof Map<?, ?> map) {
      keys.stream()
          .filter(map::containsKey)
          .sorted()
          .forEach(key -> identity.put(key, map.get(key)));
    }
    return identity;
  }

  /** What identifies an item of a list that is a map; empty for other lists. */
  static List<String> keys(Map<String, Object> schema) {
    List<String> keys = new ArrayList<>();
    if ("map".equals(schema.get("x-kubernetes-list-type"))
        && schema.get("x-kubernetes-list-map-keys") instanceof List<?> names) {
      names.forEach(name -> keys.add(String.valueOf(name)));
    }
    return keys;
  }
}
