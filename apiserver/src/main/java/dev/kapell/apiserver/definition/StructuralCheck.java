package dev.kapell.apiserver.definition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a schema is structural: every value has a type that stands outside of {@code allOf},
 * {@code anyOf}, {@code oneOf} and {@code not}, and what stands inside of them only restricts.
 *
 * <p>Follows "Specifying a structural schema" of the reference. Used once, by one thread.
 */
final class StructuralCheck {
  private static final String EMBEDDED = "x-kubernetes-embedded-resource";
  private static final String INT_OR_STRING = "x-kubernetes-int-or-string";
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final Object EITHER = List.of(Map.of("type", "integer"), Map.of("type", "string"));

  /** What may not stand in a combination, and what Kubernetes says then. */
  private static final Map<String, String> NOT_NESTED =
      Map.ofEntries(
          Map.entry("type", "must be empty to be structural"),
          Map.entry("default", "must be undefined to be structural"),
          Map.entry("title", "must be empty to be structural"),
          Map.entry("description", "must be empty to be structural"),
          Map.entry("nullable", "must be false to be structural"),
          Map.entry(PRESERVE, "must be false to be structural"),
          Map.entry(EMBEDDED, "must be false to be structural"),
          Map.entry(INT_OR_STRING, "must be false to be structural"),
          Map.entry("x-kubernetes-list-map-keys", "must be empty to be structural"),
          Map.entry("x-kubernetes-list-type", "must be undefined to be structural"),
          Map.entry("x-kubernetes-map-type", "must be undefined to be structural"),
          Map.entry("x-kubernetes-validations", "must be empty to be structural"));

  /** Where a schema stands. */
  private enum Level {
    ROOT("must not be empty at the root"),
    ITEM("must not be empty for specified array items"),
    FIELD("must not be empty for specified object fields");

    private final String untyped;

    Level(String untyped) {
      this.untyped = untyped;
    }
  }

  private final Errors errors = new Errors();

  private StructuralCheck() {}

  /** What is wrong, sorted by text. */
  static List<FieldError> of(Obj schema) {
    StructuralCheck check = new StructuralCheck();
    check.invariants(schema, Level.ROOT);
    check.complete(schema, schema, schema.path());
    return check.errors.list().stream().sorted(Comparator.comparing(FieldError::toString)).toList();
  }

  private void invariants(Obj schema, Level level) {
    if (schema.text("type").equals("array") && !schema.has("items")) {
      errors.add(FieldError.required(schema.at("items"), "must be specified"));
    }
    schema.find("items").ifPresent(items -> invariants(items, Level.ITEM));
    Schemas.properties(schema).values().forEach(property -> invariants(property, Level.FIELD));
    if (schema.has("additionalProperties") && level == Level.ROOT) {
      errors.forbid(schema, "additionalProperties", "must not be used at the root");
    }
    schema.find("additionalProperties").ifPresent(each -> invariants(each, Level.FIELD));
    extensions(schema);
    boolean either = EITHER.equals(schema.get("anyOf"));
    boolean firstEither =
        schema.items("allOf").stream()
            .findFirst()
            .map(e -> e.get("anyOf"))
            .equals(Optional.of(EITHER));
    combinations(schema, either, firstEither);
    type(schema, level);
    metadata(schema, level);
  }

  private void extensions(Obj schema) {
    if (schema.flag(INT_OR_STRING)) {
      for (String other : List.of(PRESERVE, EMBEDDED)) {
        if (schema.flag(other)) {
          errors.invalid(schema.at(other), true, "must be false if " + INT_OR_STRING + " is true");
        }
      }
    }
    if (schema.flag(EMBEDDED)) {
      errors.forbid(schema, "additionalProperties", "must not be used if " + EMBEDDED + " is set");
      if (!schema.flag(PRESERVE) && !Schemas.says(schema, "properties")) {
        errors.add(
            FieldError.required(
                schema.at("properties"),
                "must not be empty if " + EMBEDDED + " is true without " + PRESERVE));
      }
    }
  }

  private void type(Obj schema, Level level) {
    String type = schema.text("type");
    if (schema.flag(EMBEDDED) && !type.equals("object")) {
      String why = "must be object if " + EMBEDDED + " is true";
      errors.add(
          type.isEmpty()
              ? FieldError.required(schema.at("type"), why)
              : FieldError.invalid(schema.at("type"), type, why));
    } else if (type.isEmpty() && !schema.flag(INT_OR_STRING) && !schema.flag(PRESERVE)) {
      errors.add(FieldError.required(schema.at("type"), level.untyped));
    }
    if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
      errors.invalid(schema.at("type"), type, "must be object at the root");
    }
  }

  private void metadata(Obj schema, Level level) {
    Map<String, Obj> properties = Schemas.properties(schema);
    boolean resource = level == Level.ROOT || schema.flag(EMBEDDED);
    for (String field : List.of("kind", "apiVersion")) {
      Obj found = properties.get(field);
      if (resource && found != null && !found.text("type").equals("string")) {
        errors.invalid(found.at("type"), found.text("type"), "must be string");
      }
    }
    Obj metadata = properties.get("metadata");
    if (metadata == null) {
      return;
    }
    if (resource && !metadata.text("type").equals("object")) {
      errors.invalid(metadata.at("type"), metadata.text("type"), "must be object");
    }
    if (level == Level.ROOT && restrictsMore(metadata)) {
      errors.add(
          FieldError.forbidden(
              metadata.path(),
              "must not specify anything other than name and generateName, but metadata is"
                  + " implicitly specified"));
    }
  }

  private static boolean restrictsMore(Obj metadata) {
    return metadata.map().entrySet().stream()
        .filter(entry -> Schemas.says(entry.getValue()))
        .anyMatch(
            entry ->
                switch (entry.getKey()) {
                  case "type", "default" -> false;
                  case "properties" ->
                      !Set.of("name", "generateName")
                          .containsAll(metadata.child("properties").map().keySet());
                  default -> true;
                });
  }

  /**
   * What only restricts.
   *
   * @param either whether {@code anyOf} is the one form in which types may stand there
   * @param firstEither the same for the first of {@code allOf}
   */
  private void combinations(Obj schema, boolean either, boolean firstEither) {
    if (!either) {
      schema.items("anyOf").forEach(each -> nested(each, false));
    }
    List<Obj> all = schema.items("allOf");
    for (int i = 0; i < all.size(); i++) {
      nested(all.get(i), firstEither && i == 0);
    }
    schema.items("oneOf").forEach(each -> nested(each, false));
    schema.find("not").ifPresent(not -> nested(not, false));
    String pattern = schema.text("pattern");
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      errors.invalid(
          schema.at("pattern"),
          pattern,
          "must be a valid regular expression, but isn't: " + e.getMessage());
    }
  }

  private void nested(Obj schema, boolean either) {
    combinations(schema, either, false);
    schema.find("items").ifPresent(items -> nested(items, false));
    Map<String, Obj> properties = Schemas.properties(schema);
    properties.values().forEach(property -> nested(property, false));
    NOT_NESTED.forEach(
        (field, why) -> {
          if (field.equals("default") ? schema.has(field) : Schemas.says(schema, field)) {
            errors.add(FieldError.forbidden(schema.at(field), why));
          }
        });
    if (Schemas.says(schema, "additionalProperties")
        || schema.find("additionalProperties").isPresent()) {
      errors.forbid(schema, "additionalProperties", "must be undefined to be structural");
    }
    Obj metadata = properties.get("metadata");
    if (metadata != null) {
      errors.add(
          FieldError.forbidden(metadata.path(), "must not be specified in a nested context"));
    }
  }

  /**
   * What a combination speaks of has to be specified outside of it too.
   *
   * @param outside the schema outside for the same values
   * @param path where that stands
   */
  private void complete(Obj restriction, Obj outside, String path) {
    for (String field : List.of("allOf", "anyOf", "oneOf")) {
      restriction.items(field).forEach(each -> completeNested(each, outside, path));
    }
    restriction.find("not").ifPresent(not -> completeNested(not, outside, path));
  }

  private void completeNested(Obj restriction, Obj outside, String path) {
    complete(restriction, outside, path);
    restriction
        .find("items")
        .ifPresent(items -> completeBelow(items, outside.find("items"), path + ".items"));
    Map<String, Obj> known = Schemas.properties(outside);
    Schemas.properties(restriction)
        .forEach(
            (name, property) ->
                completeBelow(
                    property,
                    Optional.ofNullable(known.get(name)),
                    path + ".properties[" + name + "]"));
  }

  private void completeBelow(Obj restriction, Optional<Obj> outside, String path) {
    if (outside.isPresent()) {
      completeNested(restriction, outside.get(), path);
    } else {
      errors.add(FieldError.required(path, "because it is defined in " + restriction.path()));
    }
  }
}
