package dev.kapell.apiserver.policy;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.cel.type.SchemaTypes;
import dev.kapell.cel.type.ValueType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The types of kinds, for checking expressions against them. Used once, by one thread. */
final class KindTypes {
  private final Map<String, ValueType> known = new HashMap<>();

  /** The type of a resource's objects, when it has a schema. */
  Optional<ValueType> of(Resource resource) {
    if (resource.type().isEmpty()) {
      return resource.custom().schema().isEmpty()
          ? Optional.empty()
          : SchemaTypes.of(resource.custom().schema(), resource.kind(), true);
    }
    return Schema.kind(resource.apiVersion(), resource.kind()).map(this::object);
  }

  private ValueType object(TypeSchema type) {
    ValueType there = known.get(type.name());
    if (there != null) {
      return there;
    }
    known.put(type.name(), ValueType.DYN); // a type that holds itself is not followed
    Map<String, ValueType> fields = new LinkedHashMap<>();
    if (type.kind()) {
      fields.put("apiVersion", ValueType.STRING);
      fields.put("kind", ValueType.STRING);
    }
    type.fields().forEach((name, field) -> fields.put(name, field(field)));
    ValueType made = ValueType.object(type.name(), fields);
    known.put(type.name(), made);
    return made;
  }

  private ValueType field(FieldSchema field) {
    ValueType element = element(field);
    return switch (field.form()) {
      case SINGLE -> element;
      case LIST -> ValueType.list(element);
      case MAP -> ValueType.map(element);
    };
  }

  private ValueType element(FieldSchema field) {
    if (field.isReference()) {
      return Schema.type(field.reference()).map(this::object).orElse(ValueType.DYN);
    }
    return switch (field.element()) {
      case "string" -> ValueType.STRING;
      case "int32", "int64" -> ValueType.INT;
      case "bool" -> ValueType.BOOL;
      default -> ValueType.DYN;
    };
  }
}
