package dev.kapell.apiserver.definition;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads of a schema and of the schemas in it, each with the path that messages name it by. */
final class Schemas {
  private static final List<String> COMBINATIONS = List.of("allOf", "anyOf", "oneOf");

  private Schemas() {}

  /** The schemas of the map {@code field}, for instance {@code properties}, by name. */
  static Map<String, Obj> named(Obj schema, String field) {
    Map<String, Obj> named = new LinkedHashMap<>();
    Obj map = schema.child(field);
    for (String name : map.map().keySet()) {
      map.find(name).ifPresent(found -> named.put(name, at(found, schema.key(field, name))));
    }
    return named;
  }

  private static Obj at(Obj object, String path) {
    return Obj.at(object.map(), path);
  }

  /** The properties. */
  static Map<String, Obj> properties(Obj schema) {
    return named(schema, "properties");
  }

  /** Whether {@code field} says anything: {@code false}, {@code 0}, and what is empty do not. */
  static boolean says(Obj schema, String field) {
    return says(schema.get(field));
  }

  /** Whether a keyword's value says anything. */
  static boolean says(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case String text -> !text.isEmpty();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  /** Calls {@code visitor} with the schema and every one below it, wherever it stands. */
  static void visit(Obj schema, Consumer<Obj> visitor) {
    visitor.accept(schema);
    below(schema).forEach(each -> visit(each, visitor));
  }

  /** Every schema that stands directly in this one. */
  private static List<Obj> below(Obj schema) {
    List<Obj> below = new ArrayList<>(properties(schema).values());
    for (String field : List.of("items", "additionalProperties", "not", "additionalItems")) {
      schema.find(field).ifPresent(below::add);
    }
    below.addAll(schema.items("items"));
    for (String field : COMBINATIONS) {
      below.addAll(schema.items(field));
    }
    for (String field : List.of("patternProperties", "definitions", "dependencies")) {
      below.addAll(named(schema, field).values());
    }
    return below;
  }

  /** The keyword somewhere in it that structural schemas cannot have; empty without. */
  static Optional<String> unsupported(Obj schema) {
    List<String> found = new ArrayList<>();
    visit(schema, each -> unsupportedHere(each).ifPresent(found::add));
    return found.stream().findFirst();
  }

  private static Optional<String> unsupportedHere(Obj schema) {
    for (String field :
        List.of("id", "$schema", "$ref", "patternProperties", "dependencies", "definitions")) {
      if (says(schema, field)) {
        String name = field.equals("$schema") ? "schema" : field;
        return Optional.of("OpenAPIV3Schema '" + name + "' is not supported");
      }
    }
    if (schema.has("additionalItems")) {
      return Optional.of("OpenAPIV3Schema 'additionalItems' is not supported");
    }
    return schema.values("items").isEmpty()
        ? Optional.empty()
        : Optional.of("OpenAPIV3Schema 'items' must be a schema, but is an array");
  }
}
