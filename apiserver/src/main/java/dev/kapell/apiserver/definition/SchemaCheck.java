package dev.kapell.apiserver.definition;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the keywords of a schema, each and together, are ones that Kubernetes knows and can
 * honour. Used once, by one thread.
 */
final class SchemaCheck {
  private static final Set<String> META = Set.of("metadata", "kind", "apiVersion");
  private static final List<String> TYPES =
      List.of("array", "boolean", "integer", "number", "object", "string");
  private static final List<String> COMBINATIONS = List.of("allOf", "oneOf", "anyOf");
  private static final String LIST_TYPE = "x-kubernetes-list-type";
  private static final String LIST_KEYS = "x-kubernetes-list-map-keys";
  private static final String MAP_TYPE = "x-kubernetes-map-type";

  /**
   * Where a schema stands.
   *
   * @param noDefaults why defaults may not stand here; empty when they may
   */
  private record Place(boolean root, boolean insideMeta, Optional<String> noDefaults) {
    Place below() {
      return new Place(false, insideMeta, noDefaults);
    }
  }

  private final Findings findings;

  SchemaCheck(Findings findings) {
    this.findings = findings;
  }

  void check(Obj schema) {
    walk(schema, new Place(true, false, Optional.empty()));
  }

  private void walk(Obj schema, Place place) {
    keywords(schema, place);
    if (schema.flag("uniqueItems")) {
      findings
          .errors()
          .forbid(
              schema,
              "uniqueItems",
              "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
    additional(schema, place);
    Schemas.properties(schema)
        .forEach((name, property) -> walk(property, property(schema, name, place)));
    schema.find("not").ifPresent(not -> walk(not, place.below()));
    for (String field : COMBINATIONS) {
      schema.items(field).forEach(each -> walk(each, place.below()));
    }
    Schemas.named(schema, "definitions").values().forEach(each -> walk(each, place.below()));
    schema.find("items").ifPresent(items -> walk(items, place.below()));
    schema.items("items").forEach(each -> walk(each, place.below()));
    if (Boolean.FALSE.equals(schema.get("x-kubernetes-preserve-unknown-fields"))) {
      findings
          .errors()
          .invalid(
              schema.at("x-kubernetes-preserve-unknown-fields"),
              false,
              "must be true or undefined");
    }
    of(schema, MAP_TYPE, "object", List.of("atomic", "granular"));
    if (of(schema, LIST_TYPE, "array", List.of("atomic", "map", "set"))) {
      set(schema);
    }
    keys(schema);
    listItems(schema);
  }

  private static Place property(Obj schema, String name, Place place) {
    boolean embedded = schema.flag("x-kubernetes-embedded-resource");
    if ((!place.root() && !embedded) || !META.contains(name)) {
      return place.below();
    }
    return new Place(
        false, true, place.root() ? Optional.of(" in top-level " + name) : place.noDefaults());
  }

  private void additional(Obj schema, Place place) {
    Object additional = schema.get("additionalProperties");
    if (additional == null) {
      return;
    }
    if (Schemas.says(schema, "properties") && !Boolean.TRUE.equals(additional)) {
      findings
          .errors()
          .forbid(
              schema,
              "additionalProperties",
              "additionalProperties and properties are mutual exclusive");
    }
    Optional<String> noDefaults =
        place.insideMeta()
            ? Optional.of(" inside additionalProperties applying to object metadata")
            : place.noDefaults();
    schema
        .find("additionalProperties")
        .ifPresent(each -> walk(each, new Place(false, place.insideMeta(), noDefaults)));
  }

  private void keywords(Obj schema, Place place) {
    String type = schema.text("type");
    if (!type.isEmpty() && !TYPES.contains(type)) {
      findings.add(Ratchet.TYPES, FieldError.notSupported(schema.at("type"), type, TYPES));
    }
    if (schema.has("default") && place.noDefaults().isPresent()) {
      findings.errors().forbid(schema, "default", "must not be set" + place.noDefaults().get());
    }
    for (String field : List.of("id", "patternProperties", "definitions")) {
      if (Schemas.says(schema, field)) {
        findings.errors().forbid(schema, field, field + " is not supported");
      }
    }
    for (String field : List.of("additionalItems", "dependencies", "$ref")) {
      findings.errors().forbid(schema, field, field + " is not supported");
    }
    if (type.equals("null")) {
      findings
          .errors()
          .forbid(schema, "type", "type cannot be set to null, use nullable as an alternative");
    }
    if (!schema.values("items").isEmpty()) {
      findings.errors().forbid(schema, "items", "items must be a schema object and not an array");
    }
    if (place.insideMeta() && schema.flag("x-kubernetes-embedded-resource")) {
      findings
          .errors()
          .forbid(
              schema, "x-kubernetes-embedded-resource", "must not be used inside of resource meta");
    }
  }

  /**
   * An extension that belongs to one type and has known values.
   *
   * @return whether it may stand here
   */
  private boolean of(Obj schema, String extension, String wanted, List<String> values) {
    if (!schema.has(extension)) {
      return true;
    }
    String type = schema.text("type");
    String why = "must be " + wanted + " if " + extension + " is specified";
    if (type.isEmpty()) {
      findings.errors().add(FieldError.required(schema.at("type"), why));
    } else if (!type.equals(wanted)) {
      findings.errors().invalid(schema.at("type"), type, why);
    }
    findings.errors().oneOf(schema, extension, values);
    return type.equals(wanted);
  }

  private void set(Obj schema) {
    Optional<Obj> items = schema.find("items");
    if (!schema.text(LIST_TYPE).equals("set") || items.isEmpty()) {
      return;
    }
    String why = "must be atomic as item of a list with x-kubernetes-list-type=set";
    Obj item = items.get();
    String listType = item.text(LIST_TYPE);
    switch (item.text("type")) {
      case "array" -> {
        if (item.has(LIST_TYPE) && !listType.equals("atomic")) {
          findings.add(Ratchet.ATOMIC_SETS, FieldError.invalid(item.at(LIST_TYPE), listType, why));
        }
      }
      case "object" -> {
        if (!item.text(MAP_TYPE).equals("atomic")) {
          findings.add(
              Ratchet.ATOMIC_SETS, FieldError.invalid(item.at(MAP_TYPE), item.get(MAP_TYPE), why));
        }
      }
      default -> {}
    }
  }

  private void keys(Obj schema) {
    List<String> keys = schema.texts(LIST_KEYS);
    boolean map = schema.text(LIST_TYPE).equals("map");
    if (!keys.isEmpty() && !map) {
      String why = "must be map if x-kubernetes-list-map-keys is non-empty";
      findings
          .errors()
          .add(
              schema.has(LIST_TYPE)
                  ? FieldError.invalid(schema.at(LIST_TYPE), schema.text(LIST_TYPE), why)
                  : FieldError.required(schema.at(LIST_TYPE), why));
    }
    if (!map) {
      return;
    }
    if (keys.isEmpty()) {
      findings
          .errors()
          .add(
              FieldError.required(
                  schema.at(LIST_KEYS), "must not be empty if x-kubernetes-list-type is map"));
    }
    if (!schema.has("items")) {
      findings
          .errors()
          .add(
              FieldError.required(
                  schema.at("items"), "must have a schema if x-kubernetes-list-type is map"));
    }
    schema.find("items").ifPresent(item -> keys(schema, keys, item));
  }

  private void keys(Obj schema, List<String> keys, Obj item) {
    if (!item.text("type").equals("object")) {
      findings
          .errors()
          .invalid(
              item.at("type"),
              item.text("type"),
              "must be object if parent array's x-kubernetes-list-type is map");
      return;
    }
    Map<String, Obj> properties = Schemas.properties(item);
    Set<String> seen = new HashSet<>();
    for (String key : keys) {
      Obj property = properties.get(key);
      if (property == null) {
        findings
            .errors()
            .invalid(schema.at(LIST_KEYS), keys, "entries must all be names of item properties");
      } else if (Set.of("array", "object").contains(property.text("type"))) {
        findings
            .errors()
            .invalid(
                property.at("type"),
                item.text("type"),
                "must be a scalar type if parent array's x-kubernetes-list-type is map");
      }
      if (!seen.add(key)) {
        findings.errors().invalid(schema.at(LIST_KEYS), keys, "must not contain duplicate entries");
      }
    }
  }

  /** Items of sets and maps cannot be null; what tells them apart is always there. */
  private void listItems(Obj schema) {
    String listType = schema.text(LIST_TYPE);
    Optional<Obj> items = schema.find("items");
    if (items.isEmpty() || !Set.of("set", "map").contains(listType)) {
      return;
    }
    Obj item = items.get();
    if (item.flag("nullable")) {
      forbidNull(item, "cannot be nullable when x-kubernetes-list-type is " + listType);
    }
    if (!listType.equals("map")) {
      return;
    }
    Map<String, Obj> properties = Schemas.properties(item);
    for (String key : schema.texts(LIST_KEYS)) {
      Obj property = properties.get(key);
      if (property == null) {
        continue;
      }
      if (!item.texts("required").contains(key) && !property.has("default")) {
        findings.add(
            Ratchet.LIST_KEYS,
            FieldError.required(
                property.at("default"),
                "this property is in x-kubernetes-list-map-keys, so it must have a default or be a"
                    + " required property"));
      }
      if (property.flag("nullable")) {
        forbidNull(
            property, "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
      }
    }
  }

  private void forbidNull(Obj schema, String why) {
    findings.add(Ratchet.LIST_KEYS, FieldError.forbidden(schema.at("nullable"), why));
  }
}
