package dev.kapell.apiserver.expression;

import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.admission.Admission.Operation;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.cel.Variables;
import dev.kapell.cel.function.Authorizations;
import dev.kapell.cel.value.Null;
import dev.kapell.cel.value.Values;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What expressions read of a write that is under way. Each value is made when it is first read, and
 * once. Belongs to the thread of the request.
 */
public final class Inputs implements Variables {
  private final Map<String, Supplier<Object>> makers;
  private final Map<String, Object> made = new HashMap<>();
  private final Variables others;

  private Inputs(Map<String, Supplier<Object>> makers, Variables others) {
    this.makers = makers;
    this.others = others;
  }

  private Inputs(Map<String, Supplier<Object>> makers) {
    this(makers, name -> Optional.empty());
  }

  /**
   * Of a write.
   *
   * @param attempt what is done
   * @param object as it shall be; of a delete, what is to go
   * @param before as it was; both in the version that the expressions are written for
   * @param access decides for {@code authorizer}
   */
  public static Inputs of(Attempt attempt, Obj object, Optional<Obj> before, RequestAccess access) {
    boolean delete = attempt.operation() == Operation.DELETE;
    Optional<Obj> old = delete ? Optional.of(object) : before;
    Map<String, Supplier<Object>> makers = new HashMap<>();
    makers.put("object", () -> delete ? Null.VALUE : object.map());
    makers.put("oldObject", () -> old.<Object>map(Obj::map).orElse(Null.VALUE));
    makers.put("request", () -> request(attempt, object));
    makers.put("namespaceObject", () -> namespace(attempt));
    makers.put("params", () -> Null.VALUE);
    Authorizations.Authorizer authorizer =
        new Authorizations.Authorizer(access.of(attempt.request().user()), Optional.empty());
    makers.put("authorizer", () -> authorizer);
    makers.put("authorizer.requestResource", () -> requestResource(authorizer, attempt, object));
    return new Inputs(makers);
  }

  /**
   * Of a question to a webhook.
   *
   * @param request an {@code AdmissionRequest} with {@code object} and {@code oldObject}
   */
  static Inputs of(Obj request, User user, RequestAccess access) {
    Map<String, Supplier<Object>> makers = new HashMap<>();
    makers.put("object", () -> Values.of(request.get("object")));
    makers.put("oldObject", () -> Values.of(request.get("oldObject")));
    makers.put("request", request::map);
    Authorizations.Authorizer authorizer =
        new Authorizations.Authorizer(access.of(user), Optional.empty());
    makers.put("authorizer", () -> authorizer);
    makers.put(
        "authorizer.requestResource",
        () ->
            Authorizations.resource(
                authorizer,
                new Authorizations.Target(
                    request.child("requestResource").text("group"),
                    request.child("requestResource").text("resource"),
                    request.text("requestSubResource"),
                    request.text("namespace"),
                    request.text("name"))));
    return new Inputs(makers);
  }

  /** The same with another variable, or another value of one. */
  public Inputs with(String name, Object value) {
    return new Inputs(Map.of(name, () -> value), this);
  }

  @Override
  public Optional<Object> find(String name) {
    Object known = made.get(name);
    if (known == null) {
      Supplier<Object> maker = makers.get(name);
      if (maker == null) {
        return others.find(name);
      }
      known = maker.get();
      made.put(name, known);
    }
    return Optional.of(known);
  }

  private static Object requestResource(
      Authorizations.Authorizer authorizer, Attempt attempt, Obj object) {
    Target target = attempt.request().target();
    return Authorizations.resource(
        authorizer,
        new Authorizations.Target(
            target.group(),
            target.resource(),
            target.subresource(),
            target.namespace(),
            nameOf(attempt, object)));
  }

  private static String nameOf(Attempt attempt, Obj object) {
    String name = attempt.request().target().name();
    return name.isEmpty() ? object.child("metadata").text("name") : name;
  }

  /** As an {@code AdmissionRequest} has it. */
  private static Map<String, Object> request(Attempt attempt, Obj object) {
    Resource resource = attempt.resource();
    Target target = attempt.request().target();
    Map<String, Object> kind = resource.body(target.subresource()).tree();
    Map<String, Object> plural =
        Obj.tree(
            "group",
            resource.group(),
            "version",
            resource.version(),
            "resource",
            resource.plural());
    return Obj.tree(
        "kind",
        kind,
        "resource",
        plural,
        "subResource",
        target.subresource(),
        "requestKind",
        kind,
        "requestResource",
        plural,
        "requestSubResource",
        target.subresource(),
        "name",
        nameOf(attempt, object),
        "namespace",
        target.namespace(),
        "operation",
        attempt.operation().name(),
        "userInfo",
        user(attempt.request().user()),
        "dryRun",
        attempt.request().options().dryRun(),
        "options",
        options(attempt));
  }

  private static Map<String, Object> user(User user) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("username", user.name());
    if (!user.uid().isEmpty()) {
      info.put("uid", user.uid());
    }
    info.put("groups", user.groups());
    if (!user.extra().isEmpty()) {
      info.put("extra", user.extra());
    }
    return info;
  }

  private static Map<String, Object> options(Attempt attempt) {
    String kind =
        switch (attempt.request().verb()) {
          case CREATE -> "CreateOptions";
          case UPDATE -> "UpdateOptions";
          case PATCH -> "PatchOptions";
          default -> "DeleteOptions";
        };
    return Obj.tree("kind", kind, "apiVersion", "meta.k8s.io/v1");
  }

  private static Object namespace(Attempt attempt) {
    boolean itself = attempt.resource().qualifiedName().equals("namespaces");
    if (attempt.namespace().isEmpty() || itself) {
      return Null.VALUE;
    }
    return attempt
        .lookup()
        .find("namespaces", attempt.namespace())
        .<Object>map(Obj::map)
        .orElse(Null.VALUE);
  }
}
