package dev.kapell.apiserver.openapi;

import dev.kapell.api.schema.Schema;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The paths of some resources with their operations, as clients look them up. */
final class Paths {
  private static final List<String> WRITE_PARAMETERS =
      List.of("dryRun", "fieldManager", "fieldValidation");
  private static final List<String> LIST_PARAMETERS =
      List.of(
          "allowWatchBookmarks",
          "continue",
          "fieldSelector",
          "labelSelector",
          "limit",
          "resourceVersion",
          "resourceVersionMatch",
          "sendInitialEvents",
          "timeoutSeconds",
          "watch");
  private static final List<String> PATCHES =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml");

  private final Dialect dialect;
  private final BiConsumer<String, Map<String, Object>> found;

  private Paths(Dialect dialect, BiConsumer<String, Map<String, Object>> found) {
    this.dialect = dialect;
    this.found = found;
  }

  /** By path, as the documents hold them. */
  static Map<String, Object> of(List<Resource> resources, Dialect dialect) {
    Map<String, Object> paths = new TreeMap<>();
    each(resources, dialect, paths::put);
    return paths;
  }

  /** Hands each path and what can be done there to {@code found}, one after the other. */
  static void each(
      List<Resource> resources, Dialect dialect, BiConsumer<String, Map<String, Object>> found) {
    Paths paths = new Paths(dialect, found);
    resources.forEach(paths::add);
  }

  private void add(Resource resource) {
    String root = (resource.group().isEmpty() ? "/api/" : "/apis/") + resource.apiVersion() + "/";
    String scope = resource.namespaced() ? "namespaces/{namespace}/" : "";
    String collection = root + scope + resource.plural();
    Kind own = new Kind(resource.apiVersion(), resource.kind(), definition(resource));
    Kind list = new Kind(resource.apiVersion(), resource.kind(), listDefinition(resource));
    List<Object> scoped = scope.isEmpty() ? List.of() : List.of(path("namespace"));
    Map<String, Object> many = new TreeMap<>();
    Map<String, Object> one = new TreeMap<>();
    operations(resource.verbs(), new Sides(many, one), own, list);
    put(collection, many, scoped);
    if (resource.namespaced() && resource.verbs().contains("list")) {
      put(
          root + resource.plural(),
          new TreeMap<>(Map.of("get", operation("list", list, LIST_PARAMETERS))),
          List.of());
    }
    List<Object> named = new ArrayList<>(scoped);
    named.add(path("name"));
    put(collection + "/{name}", one, named);
    for (Resource.Subresource sub : resource.subresources()) {
      String apiVersion = sub.apiVersion().isEmpty() ? resource.apiVersion() : sub.apiVersion();
      String type =
          Schema.kind(apiVersion, sub.kind()).map(found -> Names.of(found.name())).orElse("");
      Kind kind = new Kind(apiVersion, sub.kind(), type);
      Map<String, Object> operations = new TreeMap<>();
      operations(sub.verbs(), new Sides(operations, operations), kind, kind);
      put(collection + "/{name}/" + sub.name(), operations, named);
    }
  }

  private record Kind(String apiVersion, String kind, String definition) {}

  private record Sides(Map<String, Object> many, Map<String, Object> one) {}

  private static String definition(Resource resource) {
    return resource.custom().schema().isEmpty()
        ? Schema.kind(resource.apiVersion(), resource.kind())
            .map(type -> Names.of(type.name()))
            .orElse("")
        : Names.of(resource);
  }

  private static String listDefinition(Resource resource) {
    return resource.custom().schema().isEmpty()
        ? Schema.kind(resource.apiVersion(), resource.listKind())
            .map(type -> Names.of(type.name()))
            .orElse("")
        : Names.of(resource) + "List";
  }

  private void operations(List<String> verbs, Sides sides, Kind own, Kind list) {
    for (String verb : verbs) {
      switch (verb) {
        case "list" -> sides.many().put("get", operation("list", list, LIST_PARAMETERS));
        case "create" ->
            sides.many().put("post", withBody(operation("post", own, WRITE_PARAMETERS), own));
        case "deletecollection" ->
            sides.many().put("delete", operation("deletecollection", own, LIST_PARAMETERS));
        case "get" -> sides.one().put("get", operation("get", own, List.of()));
        case "update" ->
            sides.one().put("put", withBody(operation("put", own, WRITE_PARAMETERS), own));
        case "patch" -> sides.one().put("patch", patch(own));
        case "delete" -> {
          if (!sides.one().containsKey("delete")) {
            sides
                .one()
                .put(
                    "delete",
                    operation(
                        "delete",
                        own,
                        List.of("dryRun", "gracePeriodSeconds", "propagationPolicy")));
          }
        }
        default -> {}
      }
    }
  }

  private Map<String, Object> patch(Kind kind) {
    List<String> parameters = new ArrayList<>(WRITE_PARAMETERS);
    parameters.add("force");
    Map<String, Object> operation = operation("patch", kind, parameters);
    Map<String, Object> schema = Obj.tree("$ref", dialect.reference(Names.of("meta.v1.Patch")));
    if (dialect == Dialect.V3) {
      Map<String, Object> content = new TreeMap<>();
      PATCHES.forEach(type -> content.put(type, Obj.tree("schema", schema)));
      operation.put("requestBody", Obj.tree("content", content, "required", true));
    } else {
      operation.put("consumes", PATCHES);
      addBody(operation, schema);
    }
    return operation;
  }

  private Map<String, Object> withBody(Map<String, Object> operation, Kind kind) {
    if (kind.definition().isEmpty()) {
      return operation;
    }
    Map<String, Object> schema = Obj.tree("$ref", dialect.reference(kind.definition()));
    if (dialect == Dialect.V3) {
      operation.put(
          "requestBody",
          Obj.tree("content", Obj.tree("*/*", Obj.tree("schema", schema)), "required", true));
    } else {
      operation.put("consumes", List.of("*/*"));
      addBody(operation, schema);
    }
    return operation;
  }

  private static void addBody(Map<String, Object> operation, Map<String, Object> schema) {
    Obj.root(operation)
        .list("parameters")
        .add(Obj.tree("in", "body", "name", "body", "required", true, "schema", schema));
  }

  private Map<String, Object> operation(String action, Kind kind, List<String> parameters) {
    List<Object> all = new ArrayList<>();
    parameters.forEach(name -> all.add(query(name)));
    Map<String, Object> answer = Obj.tree("description", "OK");
    if (!kind.definition().isEmpty()) {
      Map<String, Object> schema = Obj.tree("$ref", dialect.reference(kind.definition()));
      if (dialect == Dialect.V3) {
        answer.put("content", Obj.tree("application/json", Obj.tree("schema", schema)));
      } else {
        answer.put("schema", schema);
      }
    }
    Map<String, Object> operation = Obj.tree("parameters", all);
    if (dialect == Dialect.V2) {
      operation.put(
          "produces",
          List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf"));
      operation.put("schemes", List.of("https"));
    }
    operation.put(
        "responses", Obj.tree("200", answer, "401", Obj.tree("description", "Unauthorized")));
    operation.put("x-kubernetes-action", action);
    operation.put(
        "x-kubernetes-group-version-kind", Definitions.gvk(kind.apiVersion(), kind.kind()));
    return operation;
  }

  private Map<String, Object> query(String name) {
    String type =
        switch (name) {
          case "limit", "timeoutSeconds", "gracePeriodSeconds" -> "integer";
          case "watch", "allowWatchBookmarks", "sendInitialEvents", "force" -> "boolean";
          default -> "string";
        };
    return parameter("query", name, type, false);
  }

  private Map<String, Object> path(String name) {
    return parameter("path", name, "string", true);
  }

  private Map<String, Object> parameter(String in, String name, String type, boolean required) {
    Map<String, Object> parameter = Obj.tree("in", in, "name", name);
    if (required) {
      parameter.put("required", true);
    }
    if (dialect == Dialect.V3) {
      parameter.put("schema", Obj.tree("type", type, "uniqueItems", true));
    } else {
      parameter.put("type", type);
      parameter.put("uniqueItems", true);
    }
    return parameter;
  }

  private void put(String path, Map<String, Object> operations, List<Object> parameters) {
    if (!operations.isEmpty()) {
      if (!parameters.isEmpty()) {
        operations.put("parameters", parameters);
      }
      found.accept(path, operations);
    }
  }
}
