package dev.kapell.apiserver.delegation;

import dev.kapell.api.selector.FieldQuery;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A question in the form of a {@code SubjectAccessReview}'s spec. Pure. */
final class ReviewSpec {
  private ReviewSpec() {}

  /** As it is sent: what is empty is left out. */
  static Map<String, Object> sent(User user, Action action, String version) {
    Map<String, Object> spec = new LinkedHashMap<>();
    action
        .target()
        .ifPresentOrElse(
            target -> spec.put("resourceAttributes", filled(resource(action, target))),
            () -> spec.put("nonResourceAttributes", filled(path(action))));
    put(spec, "user", user.name());
    if (!user.groups().isEmpty()) {
      spec.put(version.equals("v1") ? "groups" : "group", user.groups());
    }
    if (!user.extra().isEmpty()) {
      spec.put("extra", new LinkedHashMap<>(user.extra()));
    }
    put(spec, "uid", user.uid());
    return spec;
  }

  private static void put(Map<String, Object> into, String field, String value) {
    if (!value.isEmpty()) {
      into.put(field, value);
    }
  }

  private static Map<String, Object> filled(Map<String, Object> whole) {
    Map<String, Object> rest = new LinkedHashMap<>(whole);
    rest.values().removeIf(""::equals);
    return rest;
  }

  /** As conditions see it: every text is there, empty or not. */
  static Map<String, Object> seen(User user, Action action) {
    Map<String, Object> spec =
        Obj.tree(
            "user",
            user.name(),
            "uid",
            user.uid(),
            "groups",
            user.groups(),
            "extra",
            new LinkedHashMap<>(user.extra()));
    action
        .target()
        .ifPresentOrElse(
            target -> spec.put("resourceAttributes", resource(action, target)),
            () -> spec.put("nonResourceAttributes", path(action)));
    return spec;
  }

  private static Map<String, Object> path(Action action) {
    return Obj.tree("path", action.path(), "verb", action.verb());
  }

  private static Map<String, Object> resource(Action action, Target target) {
    Map<String, Object> attributes =
        Obj.tree(
            "namespace",
            target.namespace(),
            "verb",
            action.verb(),
            "group",
            target.group(),
            "version",
            target.version(),
            "resource",
            target.resource(),
            "subresource",
            target.subresource(),
            "name",
            target.name());
    requirements(attributes, "fieldSelector", fields(action.fields()));
    requirements(attributes, "labelSelector", labels(action.labels()));
    return attributes;
  }

  private static void requirements(
      Map<String, Object> attributes, String field, List<Object> requirements) {
    if (!requirements.isEmpty()) {
      attributes.put(field, Obj.tree("requirements", requirements));
    }
  }

  private static List<Object> fields(FieldQuery query) {
    List<Object> requirements = new ArrayList<>();
    for (FieldQuery.Term term : query.terms()) {
      requirements.add(
          Obj.tree(
              "key",
              term.field(),
              "operator",
              term.equal() ? "In" : "NotIn",
              "values",
              List.of(term.value())));
    }
    return requirements;
  }

  private static List<Object> labels(LabelQuery query) {
    List<Object> requirements = new ArrayList<>();
    for (LabelQuery.Requirement requirement : query.requirements()) {
      operator(requirement.operator())
          .ifPresent(
              operator -> {
                Map<String, Object> entry =
                    Obj.tree("key", requirement.key(), "operator", operator);
                if (!requirement.values().isEmpty()) {
                  entry.put("values", requirement.values());
                }
                requirements.add(entry);
              });
    }
    return requirements;
  }

  /** Empty for those that a review cannot say: leaving one out only asks for more. */
  private static Optional<String> operator(LabelQuery.Operator operator) {
    return switch (operator) {
      case IN -> Optional.of("In");
      case NOT_IN -> Optional.of("NotIn");
      case EXISTS -> Optional.of("Exists");
      case DOES_NOT_EXIST -> Optional.of("DoesNotExist");
      case GREATER_THAN, LESS_THAN -> Optional.empty();
    };
  }
}
