package dev.kapell.apiserver.review;

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
  private final List<String> gaps = new ArrayList<>();

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
    requireBare(review, namespace, errors);
    Action asked = onPath ? path() : object(errors);
    if (!errors.isEmpty()) {
      throw Failures.invalid(resource, review.child("metadata").text("name"), errors);
    }
    this.action = asked;
  }

  /** A review has no name, and nothing else by which it could be found again. */
  private static void requireBare(Obj review, String namespace, List<FieldError> errors) {
    Obj metadata = Obj.root(new LinkedHashMap<>(review.child("metadata").map()));
    metadata.drop("managedFields").drop("creationTimestamp");
    if (!namespace.isEmpty()) {
      metadata.drop("namespace");
    }
    if (!metadata.map().isEmpty()) {
      errors.add(
          FieldError.invalid(
              "metadata",
              metadata.map(),
              namespace.isEmpty() ? "must be empty" : "must be empty except for namespace"));
    }
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
            asked.text("version").isEmpty() ? "*" : asked.text("version"),
            asked.text("resource"),
            asked.text("namespace"),
            asked.text("name"),
            asked.text("subresource"));
    AskedFields fields = AskedFields.read(asked, errors);
    AskedLabels labels = AskedLabels.read(asked, errors);
    gaps.addAll(fields.gaps());
    gaps.addAll(labels.gaps());
    return Action.on(asked.text("verb"), target).selecting(fields.query(), labels.query());
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

  /** What of the question was left out, for lack of a way to ask it. */
  List<String> gaps() {
    return gaps;
  }
}
