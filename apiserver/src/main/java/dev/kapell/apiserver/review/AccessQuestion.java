package dev.kapell.apiserver.review;

import dev.kapell.api.DecodeException;
import dev.kapell.api.selector.FieldQuery;
import dev.kapell.api.selector.LabelQuery;
import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an access review asks. */
final class AccessQuestion {
  private final Resource resource;
  private final Obj spec;
  private final Action action;

  /**
   * Reads a review; throws 422 when it does not ask one thing.
   *
   * @param namespace of a review that is local to one; empty for others
   */
  AccessQuestion(Resource resource, Obj review, String namespace) {
    this.resource = resource;
    this.spec = Obj.at(review.child("spec").map(), "spec");
    List<FieldError> errors = new ArrayList<>();
    if (!isSelf() && spec.text("user").isEmpty() && spec.values("groups").isEmpty()) {
      errors.add(
          FieldError.invalid("spec.user", "", "at least one of user or group must be specified"));
    }
    boolean onResource = spec.has("resourceAttributes");
    boolean onPath = spec.has("nonResourceAttributes");
    if (onResource && onPath) {
      errors.add(
          FieldError.invalid(
              "spec.nonResourceAttributes",
              "",
              "cannot be specified in combination with resourceAttributes"));
    } else if (!onResource && !onPath) {
      errors.add(
          FieldError.invalid(
              "spec.resourceAttributes",
              "",
              "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
    }
    if (!namespace.isEmpty()) {
      local(namespace, onPath, errors);
    }
    Action asked = onPath ? path() : object(errors);
    if (!errors.isEmpty()) {
      throw Failures.invalid(resource, review.child("metadata").text("name"), errors);
    }
    this.action = asked;
  }

  private boolean isSelf() {
    return resource.kind().startsWith("Self");
  }

  private void local(String namespace, boolean onPath, List<FieldError> errors) {
    if (onPath) {
      errors.add(
          FieldError.invalid(
              "spec.nonResourceAttributes", "", "disallowed on this kind of request"));
    } else if (!spec.child("resourceAttributes").text("namespace").equals(namespace)) {
      errors.add(
          FieldError.invalid(
              "spec.resourceAttributes.namespace",
              spec.child("resourceAttributes").text("namespace"),
              "must match metadata.namespace"));
    }
  }

  private Action path() {
    Obj asked = spec.child("nonResourceAttributes");
    return Action.path(asked.text("verb"), asked.text("path"));
  }

  private Action object(List<FieldError> errors) {
    Obj asked = spec.child("resourceAttributes");
    Target target =
        new Target(
            asked.text("group"),
            asked.text("version"),
            asked.text("resource"),
            asked.text("namespace"),
            asked.text("name"),
            asked.text("subresource"));
    return Action.on(asked.text("verb"), target)
        .selecting(fields(asked, errors), labels(asked, errors));
  }

  private static FieldQuery fields(Obj asked, List<FieldError> errors) {
    Obj selector = asked.child("fieldSelector");
    check(asked, "fieldSelector", errors);
    List<FieldQuery.Term> terms = new ArrayList<>(raw(selector).terms());
    for (Obj requirement : selector.items("requirements")) {
      List<String> values = requirement.texts("values");
      // Others, such as Exists, narrow nothing down for whoever decides.
      if (values.size() == 1 && List.of("In", "NotIn").contains(requirement.text("operator"))) {
        terms.add(
            new FieldQuery.Term(
                requirement.text("key"),
                requirement.text("operator").equals("In"),
                values.getFirst()));
      }
    }
    return new FieldQuery(terms);
  }

  private static FieldQuery raw(Obj selector) {
    try {
      return FieldQuery.parse(selector.text("rawSelector"));
    } catch (DecodeException unreadable) {
      return FieldQuery.EVERYTHING; // as the reference has it: what cannot be read is left out
    }
  }

  private static LabelQuery labels(Obj asked, List<FieldError> errors) {
    Obj selector = asked.child("labelSelector");
    check(asked, "labelSelector", errors);
    List<LabelQuery.Requirement> requirements = new ArrayList<>();
    try {
      requirements.addAll(LabelQuery.parse(selector.text("rawSelector")).requirements());
    } catch (DecodeException unreadable) {
      requirements.clear(); // as the reference has it: what cannot be read is left out
    }
    for (Obj requirement : selector.items("requirements")) {
      LabelQuery.Operator operator =
          switch (requirement.text("operator")) {
            case "In" -> LabelQuery.Operator.IN;
            case "NotIn" -> LabelQuery.Operator.NOT_IN;
            case "Exists" -> LabelQuery.Operator.EXISTS;
            default -> LabelQuery.Operator.DOES_NOT_EXIST;
          };
      requirements.add(
          new LabelQuery.Requirement(
              requirement.text("key"), operator, requirement.texts("values")));
    }
    return new LabelQuery(requirements);
  }

  private static void check(Obj asked, String field, List<FieldError> errors) {
    if (!asked.has(field)) {
      return;
    }
    Obj selector = asked.child(field);
    boolean raw = !selector.text("rawSelector").isEmpty();
    boolean parsed = !selector.values("requirements").isEmpty();
    String path = "spec.resourceAttributes." + field;
    if (raw && parsed) {
      errors.add(
          FieldError.invalid(
              path + ".rawSelector",
              selector.text("rawSelector"),
              "may not specified at the same time as requirements"));
    } else if (!raw && !parsed) {
      errors.add(
          FieldError.required(
              path + ".requirements",
              "when " + path + " is specified, requirements or rawSelector is required"));
    }
  }

  /** Who it is about. */
  User user(User sender) {
    if (isSelf()) {
      return sender;
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    Obj facts = spec.child("extra");
    facts.map().keySet().forEach(key -> extra.put(key, facts.texts(key)));
    return new User(spec.text("user"), spec.text("uid"), spec.texts("groups"), extra);
  }

  Action action() {
    return action;
  }
}
