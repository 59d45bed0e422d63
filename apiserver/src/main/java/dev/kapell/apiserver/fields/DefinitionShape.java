package dev.kapell.apiserver.fields;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shape of a custom kind, from the {@code x-kubernetes-} words of its schema. */
public final class DefinitionShape {
  private DefinitionShape() {}

  /**
   * The shape of objects with this {@code openAPIV3Schema}.
   *
   * @param metadata the shape of their metadata
   */
  public static Shape of(Map<String, Object> schema, Shape metadata) {
    Map<String, Shape> fields = new LinkedHashMap<>(properties(schema));
    fields.put("apiVersion", new Shape.Leaf(Shape.Type.STRING));
    fields.put("kind", new Shape.Leaf(Shape.Type.STRING));
    fields.put("metadata", metadata);
    return new Shape.Fields(fields, others(schema));
  }

  private static Shape node(@Nullable Object node) {
    if (!(node instanceof Map<?, ?> schema)) {
      return Shape.Free.FREE;
    }
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
      return Shape.Leaf.ANYTHING;
    }
    return switch (String.valueOf(schema.get("type"))) {
      case "object" -> object(schema);
      case "array" -> list(schema);
      case "string" -> new Shape.Leaf(Shape.Type.STRING);
      case "integer", "number" -> new Shape.Leaf(Shape.Type.NUMBER);
      case "boolean" -> new Shape.Leaf(Shape.Type.BOOLEAN);
      default -> keepsAll(schema) ? Shape.Free.FREE : Shape.Leaf.ANYTHING;
    };
  }

  private static Shape object(Map<?, ?> schema) {
    if ("atomic".equals(schema.get("x-kubernetes-map-type"))) {
      return new Shape.Leaf(Shape.Type.MAP);
    }
    return new Shape.Fields(properties(schema), others(schema));
  }

  private static Map<String, Shape> properties(Map<?, ?> schema) {
    Map<String, Shape> fields = new LinkedHashMap<>();
    if (schema.get("properties") instanceof Map<?, ?> properties) {
      properties.forEach((name, property) -> fields.put(String.valueOf(name), node(property)));
    }
    return fields;
  }

  private static Optional<Shape> others(Map<?, ?> schema) {
    Object each = schema.get("additionalProperties");
    if (each instanceof Map<?, ?>) {
      return Optional.of(node(each));
    }
    return keepsAll(schema) || Boolean.TRUE.equals(each)
        ? Optional.of(Shape.Free.FREE)
        : Optional.empty();
  }

  private static Shape list(Map<?, ?> schema) {
    Object items = schema.get("items");
    return switch (String.valueOf(schema.get("x-kubernetes-list-type"))) {
      case "map" -> new Shape.Elements(keys(schema), keyDefaults(schema), node(items));
      case "set" -> new Shape.Elements(List.of(), Map.of(), node(items));
      default -> new Shape.Leaf(Shape.Type.LIST);
    };
  }

  private static List<String> keys(Map<?, ?> schema) {
    return schema.get("x-kubernetes-list-map-keys") instanceof List<?> keys
        ? keys.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static Map<String, Object> keyDefaults(Map<?, ?> schema) {
    Map<String, Object> defaults = new HashMap<>();
    if (schema.get("items") instanceof Map<?, ?> items
        && items.get("properties") instanceof Map<?, ?> properties) {
      for (String key : keys(schema)) {
        if (properties.get(key) instanceof Map<?, ?> property && property.get("default") != null) {
          defaults.put(key, property.get("default"));
        }
      }
    }
    return defaults;
  }

  private static boolean keepsAll(Map<?, ?> schema) {
    return Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
  }
}
