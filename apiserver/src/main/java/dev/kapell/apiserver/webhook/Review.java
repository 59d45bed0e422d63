package dev.kapell.apiserver.webhook;

import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.request.ApiRequest;
import dev.kapell.apiserver.request.RequestOptions;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The question that a hook is asked, following the reference's {@code AdmissionReview}.
 *
 * @param row the version in which the hook wants the object
 * @param own the version of the request
 */
record Review(Attempt attempt, Row row, Row own, String uid) {

  /** The {@code AdmissionRequest} about {@code object}, which is in the stored version. */
  Obj request(Obj object) {
    ApiRequest request = attempt.request();
    Resource own = attempt.resource();
    Obj out = Obj.root(new LinkedHashMap<>());
    out.put("uid", uid);
    out.put("kind", row.resource().body(attempt.subresource()).tree());
    out.put("resource", resource(row.resource()));
    subresource(out, "subResource");
    out.put("requestKind", own.body(attempt.subresource()).tree());
    out.put("requestResource", resource(own));
    subresource(out, "requestSubResource");
    put(out, "name", name(object));
    put(out, "namespace", namespace(object));
    out.put("operation", attempt.operation().name());
    out.put("userInfo", userInfo(request.user()));
    if (attempt.operation() != Operation.DELETE) {
      out.put("object", shown(object).map());
    }
    attempt.old().ifPresent(old -> out.put("oldObject", shown(old).map()));
    out.put("dryRun", request.options().dryRun());
    options().ifPresent(options -> out.put("options", options));
    return out;
  }

  /**
   * Whether the body is the resource itself, and not, say, a {@code Scale} or an {@code Eviction}.
   */
  boolean isOwnKind() {
    return row.resource().hasOwnBody(attempt.subresource());
  }

  /** The object as the hook is to see it. */
  Obj shown(Obj stored) {
    if (!isOwnKind()) {
      return stored;
    }
    Obj shown = row.served(stored);
    if (attempt.operation() == Operation.UPDATE) {
      attempt
          .old()
          .ifPresent(
              old ->
                  shown
                      .make("metadata")
                      .fill("resourceVersion", old.child("metadata").text("resourceVersion")));
    }
    return shown;
  }

  private static Map<String, Object> resource(Resource resource) {
    return Obj.tree(
        "group", resource.group(), "version", resource.version(), "resource", resource.plural());
  }

  private void subresource(Obj out, String field) {
    put(out, field, attempt.subresource());
  }

  private static void put(Obj out, String field, String text) {
    if (!text.isEmpty()) {
      out.put(field, text);
    }
  }

  private String name(Obj object) {
    String asked = attempt.request().target().name();
    return asked.isEmpty() && attempt.create() ? object.child("metadata").text("name") : asked;
  }

  /** A namespace counts as in itself. */
  private String namespace(Obj object) {
    Target target = attempt.request().target();
    return attempt.resource().qualifiedName().equals("namespaces")
        ? name(object)
        : target.namespace();
  }

  private static Map<String, Object> userInfo(User user) {
    Obj out = Obj.root(Obj.tree("username", user.name()));
    put(out, "uid", user.uid());
    out.put("groups", new ArrayList<>(user.groups()));
    if (!user.extra().isEmpty()) {
      out.put("extra", user.extra());
    }
    return out.map();
  }

  private Optional<Map<String, Object>> options() {
    ApiRequest request = attempt.request();
    String kind =
        switch (attempt.operation()) {
          case CREATE -> "CreateOptions";
          case UPDATE -> "UpdateOptions";
          case DELETE -> "DeleteOptions";
          case CONNECT -> "";
        };
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    Obj out = Obj.root(new LinkedHashMap<>());
    boolean delete = attempt.operation() == Operation.DELETE;
    if (delete && request.body().mediaType().endsWith("json")) {
      out.map().putAll(Wire.parseForeign(request.body().bytes()));
    }
    out.put("kind", kind).put("apiVersion", "meta.k8s.io/v1");
    RequestOptions options = request.options();
    if (options.dryRun()) {
      out.put("dryRun", List.of("All"));
    }
    if (delete) {
      options.gracePeriodSeconds().ifPresent(grace -> out.fill("gracePeriodSeconds", grace));
      if (!options.propagationPolicy().isEmpty()) {
        out.fill("propagationPolicy", options.propagationPolicy());
      }
    } else {
      put(out, "fieldManager", options.fieldManager());
      put(out, "fieldValidation", options.other("fieldValidation"));
    }
    return Optional.of(out.map());
  }
}
