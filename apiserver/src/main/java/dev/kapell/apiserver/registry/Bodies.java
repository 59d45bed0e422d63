package dev.kapell.apiserver.registry;

import dev.kapell.api.DecodeException;
import dev.kapell.api.GroupVersion;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns bodies into trees. */
final class Bodies {
  private static final List<String> ACCEPTED =
      List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

  private Bodies() {}

  /** An object of {@code row}'s kind, canonical, in {@code row}'s version. */
  static Obj object(Row row, ApiRequest request, List<String> warnings) {
    Map<String, Object> tree = tree(request.body());
    Obj object = Obj.root(tree);
    String kind = row.resource().kind();
    checkIdentity(object, row.resource().apiVersion(), kind);
    var unknown = request.options().fieldValidation();
    Map<String, Object> known;
    if (request.body().canonical()) {
      known = row.form().complete(tree, unknown, warnings);
    } else if (isJson(request.body())) {
      known = row.form().canonical(request.body().bytes(), unknown, warnings);
    } else {
      known = row.form().canonical(tree, unknown, warnings);
    }
    Obj canonical = Obj.root(known);
    canonical.put("apiVersion", row.resource().apiVersion()).put("kind", kind);
    canonical.make("metadata");
    keepReset(object, canonical);
    return canonical;
  }

  /** An empty list of managed fields is a wish: forget them. In canonical form it would be gone. */
  static void keepReset(Obj sent, Obj canonical) {
    if (sent.child("metadata").get("managedFields") instanceof List<?> list && list.isEmpty()) {
      canonical.make("metadata").list("managedFields");
    }
  }

  /** The body has to be of the kind that the path says. */
  static void checkIdentity(Obj object, String apiVersion, String kind) {
    String sentVersion = object.text("apiVersion");
    String sentKind = object.text("kind");
    if ((!sentKind.isEmpty() && !sentKind.equals(kind))
        || (!sentVersion.isEmpty() && !sentVersion.equals(apiVersion))) {
      throw Failures.badRequest(
          "the object in the body is "
              + sentVersion
              + " "
              + sentKind
              + ", but this path takes "
              + apiVersion
              + " "
              + kind
              + ": correct apiVersion and kind, or send it to its own path");
    }
  }

  /** Any JSON or YAML object. */
  static Map<String, Object> tree(RequestBody body) {
    if (value(body) instanceof Map<?, ?> map) {
      return castTree(map);
    }
    throw Failures.badRequest("the body has to be one JSON or YAML object");
  }

  /** Any JSON or YAML value. */
  static @Nullable Object value(RequestBody body) {
    if (body.isEmpty()) {
      throw Failures.badRequest("the request needs a body, and none was sent");
    }
    if (body.canonical()) {
      return JsonCodec.readOwnTree(body.bytes());
    }
    try {
      return switch (body.mediaType()) {
        case "", "*/*", "application/json" -> Wire.value(body.bytes());
        case "application/yaml", "application/apply-patch+yaml", "text/yaml" ->
            Yaml.document(new String(body.bytes(), StandardCharsets.UTF_8));
        case String patch when patch.endsWith("patch+json") -> Wire.value(body.bytes());
        default -> throw Failures.unsupportedMediaType(ACCEPTED);
      };
    } catch (DecodeException e) {
      throw Failures.badRequest("the body could not be read: " + e.getMessage());
    }
  }

  static boolean isJson(RequestBody body) {
    return body.mediaType().isEmpty() || body.mediaType().equals("application/json");
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> castTree(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }

  /** Who names an object of another kind for an object names that object. */
  static void requireName(Draft draft, Obj body, String kind) {
    String name = body.child("metadata").text("name");
    if (!name.isEmpty() && !name.equals(draft.name())) {
      throw Failures.badRequest("name in URL does not match name in " + kind + " object");
    }
  }

  /** The body of a subresource of another kind, with what the path says of it. */
  static Obj ofSubresource(Draft draft) {
    Obj body = Obj.root(tree(draft.request().body()));
    Resource.Body kind = draft.row().resource().body(draft.subresource());
    String apiVersion = new GroupVersion(kind.group(), kind.version()).toString();
    if (!body.text("kind").isEmpty() && !body.text("kind").equals(kind.kind())) {
      checkIdentity(body, apiVersion, kind.kind());
    }
    requireName(draft, body, kind.kind());
    return named(draft, body.put("apiVersion", apiVersion).put("kind", kind.kind()));
  }

  /** The body of a subresource with the name that the path says. */
  static Obj named(Draft draft, Obj body) {
    body.make("metadata").put("name", draft.name()).put("namespace", draft.namespace());
    return body;
  }
}
