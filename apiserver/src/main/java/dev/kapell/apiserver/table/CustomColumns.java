package dev.kapell.apiserver.table;

import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
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
              column.text("description"),
              (object, now) -> cell(type, find(object.map(), path), now)));
    }
    return columns;
  }

  private static Object cell(String type, @Nullable Object value, Instant now) {
    if (value == null) {
      return type.equals("date") ? "<unknown>" : "";
    }
    return switch (type) {
      case "date" -> Age.since(String.valueOf(value), now);
      case "integer", "boolean", "number" -> value;
      default -> String.valueOf(value);
    };
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
