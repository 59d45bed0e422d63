package dev.kapell.apiserver.openapi;

import dev.kapell.api.GroupVersion;
import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The definitions of everything that some resources lead to. */
final class Definitions {
  private static final List<String> ALWAYS =
      List.of(
          "meta.v1.DeleteOptions",
          "meta.v1.Status",
          "meta.v1.Patch",
          "meta.v1.WatchEvent",
          "meta.v1.APIResourceList");
  private static final String API_VERSION =
      "APIVersion defines the versioned schema of this representation of an object.";
  private static final String KIND =
      "Kind is a string value representing the REST resource this object represents.";

  private static final String METADATA =
      "Standard object's metadata. More info:"
          + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

  private final Dialect dialect;
  private final Map<String, List<Object>> kinds = new HashMap<>();
  private final BiConsumer<String, Map<String, Object>> found;
  private final Set<String> seen = new HashSet<>();
  private final Deque<String> pending = new ArrayDeque<>();

  private Definitions(Dialect dialect, BiConsumer<String, Map<String, Object>> found) {
    this.dialect = dialect;
    this.found = found;
  }

  /** By name, as the documents hold them. */
  static Map<String, Object> of(List<Resource> resources, Dialect dialect) {
    Map<String, Object> definitions = new TreeMap<>();
    each(resources, dialect, definitions::put);
    return definitions;
  }

  /** Hands each definition and its name to {@code found}, one after the other. */
  static void each(
      List<Resource> resources, Dialect dialect, BiConsumer<String, Map<String, Object>> found) {
    Definitions all = new Definitions(dialect, found);
    ALWAYS.forEach(all::want);
    for (Resource resource : resources) {
      if (resource.type().isPresent() || resource.custom().schema().isEmpty()) {
        all.builtIn(resource.apiVersion(), resource.kind());
        all.builtIn(resource.apiVersion(), resource.listKind());
        for (Resource.Subresource sub : resource.subresources()) {
          all.builtIn(
              sub.apiVersion().isEmpty() ? resource.apiVersion() : sub.apiVersion(), sub.kind());
        }
      } else {
        all.custom(resource);
      }
    }
    while (!all.pending.isEmpty()) {
      String name = all.pending.remove();
      Schema.type(name).ifPresent(type -> found.accept(Names.of(name), all.definition(type)));
    }
  }

  private void want(String type) {
    if (seen.add(type)) {
      pending.add(type);
    }
  }

  private void builtIn(String apiVersion, String kind) {
    Schema.kind(apiVersion, kind)
        .ifPresent(
            type -> {
              want(type.name());
              List<Object> known = kinds.computeIfAbsent(type.name(), _ -> new ArrayList<>());
              Map<String, Object> named = gvk(apiVersion, kind);
              if (!known.contains(named)) {
                known.add(named);
              }
            });
  }

  static Map<String, Object> gvk(String apiVersion, String kind) {
    GroupVersion named = GroupVersion.of(apiVersion);
    return Obj.tree("group", named.group(), "kind", kind, "version", named.version());
  }

  private Map<String, Object> definition(TypeSchema type) {
    Map<String, Object> definition = new LinkedHashMap<>();
    describe(definition, type.name(), "");
    Map<String, Object> properties = new TreeMap<>();
    if (type.kind()) {
      properties.put("apiVersion", Obj.tree("description", API_VERSION, "type", "string"));
      properties.put("kind", Obj.tree("description", KIND, "type", "string"));
    }
    List<Object> required = new ArrayList<>();
    for (FieldSchema field : type.fields().values()) {
      properties.put(field.name(), property(type, field));
      if (field.required()) {
        required.add(field.name());
      }
    }
    if (!properties.isEmpty()) {
      definition.put("properties", properties);
    }
    if (!required.isEmpty()) {
      definition.put("required", required);
    }
    definition.put("type", "object");
    if (type.atomic()) {
      definition.put("x-kubernetes-map-type", "atomic");
    }
    List<Object> named = kinds.get(type.name());
    if (named != null) {
      definition.put("x-kubernetes-group-version-kind", named);
    }
    return definition;
  }

  private Map<String, Object> property(TypeSchema owner, FieldSchema field) {
    Map<String, Object> property = new LinkedHashMap<>();
    describe(property, owner.name(), field.name());
    switch (field.form()) {
      case SINGLE -> element(field, property, true);
      case LIST -> {
        property.put("items", element(field, new LinkedHashMap<>(), false));
        property.put("type", "array");
      }
      case MAP -> {
        property.put("additionalProperties", element(field, new LinkedHashMap<>(), false));
        property.put("type", "object");
      }
    }
    merging(field, property);
    return property;
  }

  private static void describe(Map<String, Object> target, String type, String field) {
    String description = Schema.description(type, field);
    if (!description.isEmpty()) {
      target.put("description", description);
    }
  }

  private static void merging(FieldSchema field, Map<String, Object> property) {
    if (!field.listType().isEmpty()) {
      String word = field.form() == FieldSchema.Form.LIST ? "list" : "map";
      property.put("x-kubernetes-" + word + "-type", field.listType());
    }
    if (!field.listKeys().isEmpty()) {
      property.put("x-kubernetes-list-map-keys", field.listKeys());
    }
    if (!field.mergeKey().isEmpty()) {
      property.put("x-kubernetes-patch-merge-key", field.mergeKey());
    }
    if (!field.patchStrategies().isEmpty()) {
      property.put("x-kubernetes-patch-strategy", String.join(",", field.patchStrategies()));
    }
  }

  /** Writes what one value is into {@code target}. */
  private Map<String, Object> element(
      FieldSchema field, Map<String, Object> target, boolean described) {
    if (field.isReference()) {
      want(field.reference());
      String reference = dialect.reference(Names.of(field.reference()));
      if (dialect == Dialect.V3) {
        target.put("allOf", List.of(Obj.tree("$ref", reference)));
        target.put("default", Map.of());
      } else {
        target.put("$ref", reference);
      }
      return target;
    }
    switch (field.element()) {
      case "bool" -> target.put("type", "boolean");
      case "bytes" -> typed(target, "string", "byte");
      case "float64" -> typed(target, "number", "double");
      case "int32" -> typed(target, "integer", "int32");
      case "int64" -> typed(target, "integer", "int64");
      case "time", "microTime" -> typed(target, "string", "date-time");
      case "json" -> target.put("type", "object");
      case "strings" -> {
        target.put("items", Obj.tree("type", "string"));
        target.put("type", "array");
      }
      case "quantity" -> either(target, "string", "number", "");
      case "intOrString" -> either(target, "integer", "string", "int-or-string");
      case "schemaOrArray", "schemaOrBool", "schemaOrStrings" -> {}
      default -> target.put("type", "string");
    }
    if (dialect == Dialect.V3
        && !described
        && "string".equals(target.get("type"))
        && !target.containsKey("format")) {
      target.put("default", "");
    }
    return target;
  }

  private static void typed(Map<String, Object> target, String type, String format) {
    target.put("format", format);
    target.put("type", type);
  }

  private void either(Map<String, Object> target, String one, String other, String format) {
    if (!format.isEmpty()) {
      target.put("format", format);
    }
    if (dialect == Dialect.V3) {
      target.put("oneOf", List.of(Obj.tree("type", one), Obj.tree("type", other)));
    } else {
      target.put("type", "string");
    }
  }

  private void custom(Resource resource) {
    want("meta.v1.ObjectMeta");
    want("meta.v1.ListMeta");
    String name = Names.of(resource);
    found.accept(name, customDefinition(resource));
    found.accept(
        name + "List",
        Obj.tree(
            "description", resource.listKind() + " is a list of " + resource.kind(),
            "required", List.of("items"),
            "type", "object",
            "properties",
                Obj.tree(
                    "apiVersion", Obj.tree("description", API_VERSION, "type", "string"),
                    "kind", Obj.tree("description", KIND, "type", "string"),
                    "items",
                        Obj.tree(
                            "type", "array", "items", Obj.tree("$ref", dialect.reference(name))),
                    "metadata", reference("meta.v1.ListMeta")),
            "x-kubernetes-group-version-kind",
                List.of(gvk(resource.apiVersion(), resource.listKind()))));
  }

  private Map<String, Object> customDefinition(Resource resource) {
    Obj schema = Obj.root(Trees.copy(resource.custom().schema()));
    List<Object> named = List.of(gvk(resource.apiVersion(), resource.kind()));
    boolean open = schema.flag("x-kubernetes-preserve-unknown-fields");
    if (dialect == Dialect.V2 && open) {
      // Any field named here would make kubectl complain about all others.
      return Obj.tree("type", "object", "x-kubernetes-group-version-kind", named);
    }
    schema.fill("type", "object");
    Obj properties = schema.make("properties");
    properties.put("apiVersion", Obj.tree("description", API_VERSION, "type", "string"));
    properties.put("kind", Obj.tree("description", KIND, "type", "string"));
    Map<String, Object> metadata = reference("meta.v1.ObjectMeta");
    metadata.put("description", METADATA);
    properties.put("metadata", metadata);
    schema.put("x-kubernetes-group-version-kind", named);
    return dialect == Dialect.V2 ? plain(schema.map()) : schema.map();
  }

  private Map<String, Object> reference(String type) {
    String reference = dialect.reference(Names.of(type));
    return dialect == Dialect.V3
        ? Obj.tree("allOf", List.of(Obj.tree("$ref", reference)))
        : Obj.tree("$ref", reference);
  }

  /**
   * Swagger 2.0 knows no alternatives and no nullable; where fields are kept, it must not know
   * fields at all.
   */
  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Map<String, Object> plain(Map<String, Object> schema) {
    Map<String, Object> plain = new LinkedHashMap<>();
    boolean open = Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"));
    schema.forEach(
        (key, value) -> {
          switch (key) {
            case "oneOf", "anyOf", "allOf", "not", "nullable", "default", "example" -> {}
            case "properties" -> {
              if (!open && value instanceof Map<?, ?> map) {
                plain.put(
                    key,
                    ((Map<String, Object>) map)
                        .entrySet().stream()
                            .collect(
                                Collectors.toMap(
                                    Map.Entry::getKey,
                                    entry -> plainValue(entry.getValue()),
                                    (a, _) -> a,
                                    TreeMap::new)));
              }
            }
            case "items", "additionalProperties" -> plain.put(key, plainValue(value));
            case "type" -> {
              if (!open) {
                plain.put(key, value);
              }
            }
            default -> plain.put(key, value);
          }
        });
    return plain;
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Object plainValue(Object value) {
    return value instanceof Map<?, ?> map ? plain((Map<String, Object>) map) : value;
  }
}
