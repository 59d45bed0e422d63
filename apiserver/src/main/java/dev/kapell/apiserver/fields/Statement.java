package dev.kapell.apiserver.fields;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an object states: the set of its fields, and whether it fits its shape. A list element and
 * an entry of a map are fields of their own; a declared field that only holds others is not.
 */
final class Statement {
  private final FieldSet fields = new FieldSet();
  private final List<String> errors = new ArrayList<>();
  private final List<Step> path = new ArrayList<>();

  private Statement() {}

  /** Every field of {@code tree}. */
  static FieldSet fields(Map<String, Object> tree, Shape shape) {
    Statement statement = new Statement();
    statement.value(tree, shape);
    return statement.fields;
  }

  /** What does not fit, one text each, with the path in front. */
  static List<String> errors(Map<String, Object> tree, Shape shape) {
    Statement statement = new Statement();
    statement.value(tree, shape);
    return statement.errors;
  }

  private void value(@Nullable Object value, Shape shape) {
    switch (shape instanceof Shape.Free ? shape.of(value) : shape) {
      case Shape.Leaf leaf -> {
        check(value, leaf.type());
        add();
      }
      case Shape.Fields object -> {
        if (value instanceof Map<?, ?> map) {
          map.forEach((name, inner) -> field(String.valueOf(name), inner, object));
        } else if (value != null) {
          error("expected map, got " + show(value));
        }
      }
      case Shape.Elements list -> {
        if (value instanceof List<?> items) {
          elements(items, list);
        } else if (value != null) {
          error("expected list, got " + show(value));
        }
      }
      case Shape.Free free -> add();
    }
  }

  private void field(String name, @Nullable Object value, Shape.Fields shape) {
    path.add(Step.field(name));
    Optional<Shape> inner = shape.field(name);
    if (inner.isEmpty()) {
      error("field not declared in schema");
    } else {
      value(value, inner.get());
      if (value == null
          || (value instanceof Map<?, ?> map && map.isEmpty())
          || !shape.isNamed(name)) {
        add();
      }
    }
    path.removeLast();
  }

  private void elements(List<?> items, Shape.Elements shape) {
    Map<Step, Integer> counts = new HashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Optional<Step> step = shape.step(items.get(i));
      if (step.isEmpty()) {
        error("element " + i + ": " + without(shape));
        continue;
      }
      path.add(step.get());
      if (counts.merge(step.get(), 1, Integer::sum) == 1) {
        value(items.get(i), shape.element());
      }
      add();
      path.removeLast();
    }
    counts.forEach(
        (step, count) -> {
          if (count > 1) {
            repeated(step);
          }
        });
  }

  private static String without(Shape.Elements shape) {
    return shape.keys().isEmpty()
        ? "an element of a set has to be a scalar"
        : "associative list with keys has an element that omits all key fields "
            + shape.keys().stream().map(key -> '"' + key + '"').toList();
  }

  /** Repeated elements are owned as one. */
  private void repeated(Step step) {
    error("duplicate entries for key " + step.describe());
  }

  private void add() {
    fields.add(path);
  }

  private void check(@Nullable Object value, Shape.Type type) {
    boolean fits =
        value == null
            || switch (type) {
              case STRING -> value instanceof String;
              case NUMBER -> value instanceof Number;
              case BOOLEAN -> value instanceof Boolean;
              case LIST -> value instanceof List;
              case MAP -> value instanceof Map;
              case ANY -> true;
            };
    if (!fits) {
      error("expected " + type.words() + ", got " + show(value));
    }
  }

  private void error(String what) {
    StringBuilder where = new StringBuilder();
    path.forEach(step -> where.append(step.describe()));
    errors.add(where + ": " + what);
  }

  private static String show(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> "map";
      case List<?> list -> "list";
      case String text -> "string \"" + text + "\"";
      case null, default -> String.valueOf(value);
    };
  }
}
