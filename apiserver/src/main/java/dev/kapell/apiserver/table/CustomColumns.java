package dev.kapell.apiserver.table;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a CustomResourceDefinition asks for, with simple JSON paths such as {@code
 * .spec.ports[0].name}.
 */
final class CustomColumns {
  private CustomColumns() {}

  static List<Column> of(Resource.Custom custom) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.objectName());
    for (Map<String, Object> tree : custom.printerColumns()) {
      Obj column = Obj.root(tree);
      String path = column.text("jsonPath");
      String type = column.text("type");
      columns.add(
          new Column(
              column.text("name"),
              type,
              column.text("format"),
              (int) column.number("priority", 0),
              description(column.text("description"), path),
              (object, now) -> cell(type, find(object.map(), path), now)));
    }
    return columns;
  }

  private static String description(String own, String path) {
    return own.isEmpty() ? "Custom resource definition column (in JSONPath format): " + path : own;
  }

  /** What stands in a cell; null where there is nothing of that type. */
  static @Nullable Object cell(String type, @Nullable Object value, Instant now) {
    return switch (type) {
      case "date" -> value == null ? null : Age.since(String.valueOf(value), now);
      case "integer" -> value instanceof Number number ? (Object) number.longValue() : null;
      case "number" -> value instanceof Number ? value : null;
      case "boolean" -> value instanceof Boolean ? value : null;
      default ->
          switch (value) {
            case null -> null;
            case Map<?, ?> tree -> json(tree);
            case List<?> tree -> json(tree);
            default -> String.valueOf(value);
          };
    };
  }

  private static String json(Object tree) {
    return new String(JsonCodec.writeTree(tree), StandardCharsets.UTF_8);
  }

  static @Nullable Object find(Map<String, Object> object, String path) {
    Object at = object;
    for (String step : steps(path)) {
      at =
          switch (at) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list -> item(list, step);
            case null, default -> null;
          };
    }
    return at;
  }

  private static @Nullable Object item(List<?> list, String step) {
    if (step.startsWith("?(@.")) {
      String[] parts = step.substring(4, step.length() - 1).split("==", 2);
      String wanted = parts.length == 2 ? parts[1].strip().replaceAll("^['\"]|['\"]$", "") : "";
      for (Object each : list) {
        if (each instanceof Map<?, ?> map
            && wanted.equals(String.valueOf(map.get(parts[0].strip())))) {
          return map;
        }
      }
      return null;
    }
    int index = step.matches("-?[0-9]+") ? Integer.parseInt(step) : 0;
    int from = index < 0 ? list.size() + index : index;
    return from >= 0 && from < list.size() ? list.get(from) : null;
  }

  /** Splits at dots and brackets, but not within brackets. */
  private static List<String> steps(String path) {
    List<String> steps = new ArrayList<>();
    StringBuilder step = new StringBuilder();
    boolean inside = false;
    for (int i = 0; i < path.length(); i++) {
      char letter = path.charAt(i);
      if (letter == ']' || (!inside && (letter == '[' || letter == '.'))) {
        if (!step.isEmpty()) {
          steps.add(step.toString().replaceAll("^['\"]|['\"]$", "").replace("\\", ""));
          step.setLength(0);
        }
        inside = letter == '[';
      } else {
        step.append(letter);
      }
    }
    if (!step.isEmpty()) {
      steps.add(step.toString().replace("\\", ""));
    }
    return steps;
  }
}
