package dev.kapell.bench.fuzz;

import dev.kapell.bench.Dice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects that look like those of a kind, with some of it wrong, after an OpenAPI schema. */
final class Shapes {
  private static final String REF = "#/components/schemas/";
  private static final int DEEPEST = 7;

  private final Map<String, Map<String, Object>> schemas;
  private final Dice dice;
  private final Values values;

  Shapes(Map<String, Map<String, Object>> schemas, Dice dice, Values values) {
    this.schemas = schemas;
    this.dice = dice;
    this.values = values;
  }

  /** An object of the kind whose schema is called {@code name}. */
  @Nullable Object object(String name) {
    Map<String, Object> schema = schemas.get(name);
    return schema == null ? values.any(0) : value(schema, 0);
  }

  private @Nullable Object value(Map<?, ?> schema, int depth) {
    if (dice.below(200) == 0) {
      return values.any(depth);
    }
    Map<?, ?> target = resolved(schema);
    Object type = target.get("type");
    if (target.get("properties") instanceof Map<?, ?> properties) {
      return properties(target, properties, depth);
    }
    if (target.get("additionalProperties") instanceof Map<?, ?> entries) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      for (int i = dice.below(3); i > 0; i--) {
        map.put(values.text(), value(entries, depth + 1));
      }
      return map;
    }
    if ("array".equals(type) && target.get("items") instanceof Map<?, ?> items) {
      List<@Nullable Object> list = new ArrayList<>();
      for (int i = dice.below(depth > DEEPEST ? 1 : 3); i > 0; i--) {
        list.add(value(items, depth + 1));
      }
      return list;
    }
    return scalar(target, type, depth);
  }

  private @Nullable Object scalar(Map<?, ?> schema, @Nullable Object type, int depth) {
    if (schema.get("enum") instanceof List<?> words && !words.isEmpty() && dice.percent(80)) {
      return words.get(dice.below(words.size()));
    }
    return switch (String.valueOf(type)) {
      case "string" ->
          "date-time".equals(schema.get("format")) && dice.percent(80)
              ? "2026-11-21T08:00:00Z"
              : values.text();
      case "integer", "number" ->
          dice.percent(70) ? (Object) (long) dice.below(200) : values.number();
      case "boolean" -> dice.percent(50);
      case "object" -> Map.of();
      default -> values.any(depth);
    };
  }

  private Map<String, @Nullable Object> properties(
      Map<?, ?> schema, Map<?, ?> properties, int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
    int percent = depth > DEEPEST ? 0 : depth < 2 ? 40 : 12;
    properties.forEach(
        (name, property) -> {
          boolean wanted = required.contains(name) ? dice.percent(95) : dice.percent(percent);
          if (wanted && property instanceof Map<?, ?> of && depth < DEEPEST + 4) {
            map.put(String.valueOf(name), value(of, depth + 1));
          }
        });
    if (dice.percent(2)) {
      map.put(values.text(), values.any(depth));
    }
    return map;
  }

  private Map<?, ?> resolved(Map<?, ?> schema) {
    if (schema.get("$ref") instanceof String ref) {
      return schemas.getOrDefault(ref.replace(REF, ""), Map.of());
    }
    if (schema.get("allOf") instanceof List<?> all
        && !all.isEmpty()
        && all.getFirst() instanceof Map<?, ?> first) {
      return resolved(first);
    }
    return schema;
  }
}
