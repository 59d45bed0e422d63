package dev.kapell.cel.function;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.kapell.cel.value.CelError;
import java.util.List;
import java.util.Optional;

/** Checks of rights: {@code authorizer.group('apps').resource('deployments').check('create')}. */
public final class Authorizations {
  /** The type of the variable {@code authorizer}. */
  public static final CelType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");

  /** The type of the variable {@code authorizer.requestResource}. */
  public static final CelType RESOURCE_CHECK =
      OpaqueType.create("kubernetes.authorization.ResourceCheck");

  private static final String RESOURCE = "ResourceCheck.(string) -> ResourceCheck";

  private Authorizations() {}

  /** A value of one of the types of this library. */
  public interface Typed {
    /** Its type's name in the language. */
    String typeName();
  }

  /**
   * The value of the variable {@code authorizer}.
   *
   * @param check who answers
   * @param serviceAccount on whose behalf, {@code namespace:name}
   */
  public record Authorizer(AccessCheck check, Optional<String> serviceAccount) implements Typed {
    @Override
    public String typeName() {
      return AUTHORIZER.name();
    }
  }

  private record PathCheck(Authorizer authorizer, String path) implements Typed {
    @Override
    public String typeName() {
      return "kubernetes.authorization.PathCheck";
    }
  }

  private record GroupCheck(Authorizer authorizer, String group) implements Typed {
    @Override
    public String typeName() {
      return "kubernetes.authorization.GroupCheck";
    }
  }

  private record ResourceCheck(Authorizer authorizer, AccessCheck.Question question)
      implements Typed {
    @Override
    public String typeName() {
      return "kubernetes.authorization.ResourceCheck";
    }

    ResourceCheck with(AccessCheck.Question changed) {
      return new ResourceCheck(authorizer, changed);
    }
  }

  /** The value of the variable {@code authorizer.requestResource}. */
  public static Typed resource(Authorizer authorizer, Target target) {
    return new ResourceCheck(
        authorizer,
        new AccessCheck.Question(
            authorizer.serviceAccount(),
            "",
            "",
            target.group(),
            target.resource(),
            target.subresource(),
            target.namespace(),
            target.name(),
            "",
            ""));
  }

  /** A resource, for {@link #resource}. */
  public record Target(
      String group, String resource, String subresource, String namespace, String name) {}

  static List<Function> all() {
    return List.of(
        Function.of("path", "Authorizer.(string) -> PathCheck", Authorizations::path),
        Function.of(
            "group",
            "Authorizer.(string) -> GroupCheck",
            a -> new GroupCheck((Authorizer) a[0], (String) a[1])),
        Function.of(
            "serviceAccount",
            "Authorizer.(string, string) -> Authorizer",
            a -> new Authorizer(((Authorizer) a[0]).check(), Optional.of(a[1] + ":" + a[2]))),
        Function.of(
            "resource",
            "GroupCheck.(string) -> ResourceCheck",
            a -> {
              GroupCheck group = (GroupCheck) a[0];
              return new ResourceCheck(
                  group.authorizer(),
                  question(group.authorizer(), "", group.group(), (String) a[1]));
            }),
        Function.of("subresource", RESOURCE, a -> narrowed(a, Part.SUBRESOURCE)),
        Function.of("namespace", RESOURCE, a -> narrowed(a, Part.NAMESPACE)),
        Function.of("name", RESOURCE, a -> narrowed(a, Part.NAME)),
        Function.of("fieldSelector", RESOURCE, a -> narrowed(a, Part.FIELD_SELECTOR)),
        Function.of("labelSelector", RESOURCE, a -> narrowed(a, Part.LABEL_SELECTOR)),
        Function.of(
            "check",
            "PathCheck.(string) -> Decision",
            a -> {
              PathCheck path = (PathCheck) a[0];
              return decide(
                  path.authorizer(), question(path.authorizer(), path.path(), "", ""), a[1]);
            }),
        Function.of(
            "check",
            "ResourceCheck.(string) -> Decision",
            a -> {
              ResourceCheck resource = (ResourceCheck) a[0];
              return decide(resource.authorizer(), resource.question(), a[1]);
            }),
        Function.of("allowed", "Decision.() -> bool", a -> ((AccessCheck.Decision) a[0]).allowed()),
        Function.of("reason", "Decision.() -> string", a -> ((AccessCheck.Decision) a[0]).reason()),
        Function.of(
            "errored",
            "Decision.() -> bool",
            a -> !((AccessCheck.Decision) a[0]).error().isEmpty()),
        Function.of("error", "Decision.() -> string", a -> ((AccessCheck.Decision) a[0]).error()));
  }

  private enum Part {
    SUBRESOURCE,
    NAMESPACE,
    NAME,
    FIELD_SELECTOR,
    LABEL_SELECTOR
  }

  private static Object path(Object[] a) {
    if (((String) a[1]).isBlank()) {
      throw new CelError("path must not be empty");
    }
    return new PathCheck((Authorizer) a[0], (String) a[1]);
  }

  private static AccessCheck.Question question(
      Authorizer authorizer, String path, String group, String resource) {
    return new AccessCheck.Question(
        authorizer.serviceAccount(), "", path, group, resource, "", "", "", "", "");
  }

  private static Object narrowed(Object[] a, Part part) {
    ResourceCheck check = (ResourceCheck) a[0];
    AccessCheck.Question q = check.question();
    String text = (String) a[1];
    return check.with(
        new AccessCheck.Question(
            q.serviceAccount(),
            q.verb(),
            q.path(),
            q.group(),
            q.resource(),
            part == Part.SUBRESOURCE ? text : q.subresource(),
            part == Part.NAMESPACE ? text : q.namespace(),
            part == Part.NAME ? text : q.name(),
            part == Part.FIELD_SELECTOR ? text : q.fieldSelector(),
            part == Part.LABEL_SELECTOR ? text : q.labelSelector()));
  }

  private static Object decide(Authorizer authorizer, AccessCheck.Question q, Object verb) {
    return authorizer
        .check()
        .decide(
            new AccessCheck.Question(
                q.serviceAccount(),
                (String) verb,
                q.path(),
                q.group(),
                q.resource(),
                q.subresource(),
                q.namespace(),
                q.name(),
                q.fieldSelector(),
                q.labelSelector()));
  }
}
