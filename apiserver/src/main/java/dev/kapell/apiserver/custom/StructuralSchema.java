package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says of trees: which fields stay, and what they are when absent. Immutable view on
 * the definition's own tree.
 */
public final class StructuralSchema {
  private static final Set<String> OF_EVERY_OBJECT = Set.of("apiVersion", "kind", "metadata");

  private final Map<String, Object> schema;

  StructuralSchema(Map<String, Object> schema) {
    this.schema = schema;
  }

  Map<String, Object> tree() {
    return schema;
  }

  /** Whether anything in it has a default. */
  boolean hasDefaults() {
    return hasDefaults(schema);
  }

  private static boolean hasDefaults(Object node) {
    return switch (node) {
      case Map<?, ?> map ->
          map.containsKey("default")
              || map.values().stream().anyMatch(v -> v != null && hasDefaults(v));
      case List<?> list -> list.stream().anyMatch(v -> v != null && hasDefaults(v));
      default -> false;
    };
  }

  /** Drops what is not in the schema; {@code dropped} gets the paths. */
  void prune(Map<String, Object> object, List<String> dropped) {
    prune(object, schema, "", true, dropped);
  }

  private static void prune(
      Map<String, Object> object,
      Map<String, Object> schema,
      String path,
      boolean resource,
      List<String> dropped) {
    boolean keepsAll = Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
    Map<String, Object> properties = child(schema, "properties").orElse(Map.of());
    Optional<Map<String, Object>> additional = child(schema, "additionalProperties");
    boolean anything = keepsAll || Boolean.TRUE.equals(schema.get("additionalProperties"));
    for (String field : List.copyOf(object.keySet())) {
      String at = path.isEmpty() ? field : path + "." + field;
      if (resource && OF_EVERY_OBJECT.contains(field)) {
        if (field.equals("metadata") && !path.isEmpty()) {
          EmbeddedObjects.prune(object, at, dropped);
        }
        continue;
      }
      Optional<Map<String, Object>> known = child(properties, field).or(() -> additional);
      if (known.isPresent()) {
        pruneValue(object.get(field), known.get(), at, dropped);
      } else if (!anything) {
        object.remove(field);
        dropped.add(at);
      }
    }
  }

  /** Drops what {@code schema} does not know from one value; {@code dropped} gets the paths. */
  public static void pruneValue(
      @Nullable Object value, Map<String, Object> schema, String path, List<String> dropped) {
    if (value instanceof Map<?, ?> map) {
      boolean embedded = Boolean.TRUE.equals(schema.get("x-kubernetes-embedded-resource"));
      prune(cast(map), schema, path, embedded, dropped);
    } else if (value instanceof List<?> list) {
      Map<String, Object> items = child(schema, "items").orElse(Map.of());
      for (int i = 0; i < list.size(); i++) {
        pruneValue(list.get(i), items, path + "[" + i + "]", dropped);
      }
    }
  }

  /** Fills in the schema's defaults. */
  void fill(Map<String, Object> object) {
    fill(object, schema);
  }

  private static void fill(@Nullable Object value, Map<String, Object> schema) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> object = cast(map);
      Map<String, Object> properties = child(schema, "properties").orElse(Map.of());
      for (String field : properties.keySet()) {
        if (!object.containsKey(field)) {
          Object fallback = Trees.copyOf(child(properties, field).orElse(Map.of()).get("default"));
          if (fallback != null) {
            object.put(field, fallback);
          }
        }
      }
      Optional<Map<String, Object>> additional = child(schema, "additionalProperties");
      for (String field : List.copyOf(object.keySet())) {
        child(properties, field)
            .or(() -> properties.containsKey(field) ? Optional.empty() : additional)
            .ifPresent(known -> fillField(object, field, known));
      }
    } else if (value instanceof List<?> list) {
      child(schema, "items").ifPresent(items -> fillItems(list, items));
    }
  }

  /** A null that may not be becomes the default, or goes without one. */
  private static void fillField(
      Map<String, Object> object, String field, Map<String, Object> schema) {
    if (object.get(field) == null && !isNullable(schema)) {
      Object fallback = Trees.copyOf(schema.get("default"));
      if (fallback == null) {
        object.remove(field);
      } else {
        object.put(field, fallback);
      }
    }
    fill(object.get(field), schema);
  }

  @SuppressWarnings("unchecked") // the items of a tree's list are trees
  private static void fillItems(List<?> list, Map<String, Object> items) {
    for (int i = 0; i < list.size(); i++) {
      Object fallback = Trees.copyOf(items.get("default"));
      if (list.get(i) == null && fallback != null && !isNullable(items)) {
        ((List<Object>) list).set(i, fallback);
      }
      fill(list.get(i), items);
    }
  }

  private static boolean isNullable(Map<String, Object> schema) {
    return Boolean.TRUE.equals(schema.get("nullable"));
  }

  /** Whether some rule in it is an expression. */
  public static boolean hasExpressions(Object node) {
    return switch (node) {
      case Map<?, ?> map ->
          map.containsKey("x-kubernetes-validations")
              || map.values().stream().anyMatch(v -> v != null && hasExpressions(v));
      case List<?> list -> list.stream().anyMatch(v -> v != null && hasExpressions(v));
      default -> false;
    };
  }

  /** The object under {@code field}, if there is one. */
  public static Optional<Map<String, Object>> child(Map<String, Object> schema, String field) {
    return schema.get(field) instanceof Map<?, ?> map ? Optional.of(cast(map)) : Optional.empty();
  }

  /** The objects of the list under {@code field}. */
  public static List<Map<String, Object>> children(Map<String, Object> schema, String field) {
    List<Map<String, Object>> children = new ArrayList<>();
    if (schema.get(field) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          children.add(cast(map));
        }
      }
    }
    return children;
  }

  /** A tree's object. */
  @SuppressWarnings("unchecked") // trees have text keys only
  public static Map<String, Object> cast(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }

  /** An object without any rule. */
  static StructuralSchema open() {
    Map<String, Object> open = new LinkedHashMap<>();
    open.put("type", "object");
    open.put("x-kubernetes-preserve-unknown-fields", true);
    return new StructuralSchema(open);
  }
}
