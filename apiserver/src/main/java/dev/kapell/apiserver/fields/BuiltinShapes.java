package dev.kapell.apiserver.fields;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shapes of built-in types, made when first asked for. Thread-safe. */
public final class BuiltinShapes {
  private final Map<String, Shape> types = new HashMap<>();

  /** The shape of a type, for instance {@code core.v1.Pod}; free where it is not known. */
  public synchronized Shape of(String type) {
    return type(type);
  }

  private Shape type(String name) {
    Shape known = types.get(name);
    if (known != null) {
      return known;
    }
    Optional<TypeSchema> schema = Schema.type(name);
    if (schema.isEmpty()) {
      return Shape.Free.FREE;
    }
    if (schema.get().atomic()) {
      Shape piece = new Shape.Leaf(Shape.Type.MAP);
      types.put(name, piece);
      return piece;
    }
    Map<String, Shape> fields = new LinkedHashMap<>();
    Shape made = new Shape.Fields(fields, Optional.empty());
    types.put(name, made); // before its fields: a type may contain itself
    if (schema.get().kind()) {
      fields.put("apiVersion", new Shape.Leaf(Shape.Type.STRING));
      fields.put("kind", new Shape.Leaf(Shape.Type.STRING));
    }
    schema.get().fields().forEach((field, what) -> fields.put(field, field(what)));
    return made;
  }

  private Shape field(FieldSchema field) {
    return switch (field.form()) {
      case SINGLE ->
          field.listType().equals("atomic") ? new Shape.Leaf(Shape.Type.MAP) : element(field);
      case MAP ->
          field.listType().equals("atomic")
              ? new Shape.Leaf(Shape.Type.MAP)
              : new Shape.Fields(Map.of(), Optional.of(element(field)));
      case LIST ->
          switch (field.listType()) {
            case "map" -> new Shape.Elements(field.listKeys(), keyDefaults(field), element(field));
            case "set" -> new Shape.Elements(List.of(), Map.of(), element(field));
            default -> new Shape.Leaf(Shape.Type.LIST);
          };
    };
  }

  private static Map<String, Object> keyDefaults(FieldSchema field) {
    Map<String, Object> defaults = new HashMap<>();
    if (field.isReference()) {
      Map<String, FieldSchema> fields =
          Schema.type(field.reference()).map(TypeSchema::fields).orElse(Map.of());
      for (String key : field.listKeys()) {
        FieldSchema keyField = fields.get(key);
        if (keyField != null && !keyField.fallback().isEmpty()) {
          defaults.put(key, keyField.fallback());
        }
      }
    }
    return defaults;
  }

  private Shape element(FieldSchema field) {
    return switch (field.element()) {
      case "string", "bytes", "time", "microTime" -> new Shape.Leaf(Shape.Type.STRING);
      case "int32", "int64", "float64" -> new Shape.Leaf(Shape.Type.NUMBER);
      case "bool" -> new Shape.Leaf(Shape.Type.BOOLEAN);
      case "json" -> Shape.Free.FREE;
      default -> field.isReference() ? type(field.reference()) : Shape.Leaf.ANYTHING;
    };
  }
}
