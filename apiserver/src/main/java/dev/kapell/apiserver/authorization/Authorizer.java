package dev.kapell.apiserver.authorization;

import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.meta.v1.StatusDetails;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ApiFailure;
import java.util.List;

/** Decides by roles. Thread-safe. */
public final class Authorizer {
  private static final String ALL_POWERFUL = "system:masters";

  private final RoleCache roles;

  /** With the roles as {@code roles} sees them. */
  public Authorizer(RoleCache roles) {
    this.roles = roles;
  }

  /** Whether {@code user} may. */
  public boolean allows(User user, Action action) {
    if (user.groups().contains(ALL_POWERFUL)) {
      return true;
    }
    String namespace = action.target().map(Target::namespace).orElse("");
    for (PolicyRule rule : roles.grants().rules(user, namespace)) {
      if (Rules.covers(rule, action)) {
        return true;
      }
    }
    return false;
  }

  /** Everything that {@code user} may do in {@code namespace} (empty: everywhere). */
  public List<PolicyRule> rules(User user, String namespace) {
    if (user.groups().contains(ALL_POWERFUL)) {
      return Rules.EVERYTHING;
    }
    return roles.grants().rules(user, namespace);
  }

  /** The rules of a role that a binding refers to. */
  public List<PolicyRule> rulesOf(String kind, String namespace, String name) {
    return roles.grants().rulesOf(kind, namespace, name);
  }

  /** Throws 403 in Kubernetes' words unless {@code user} may. */
  public void require(User user, Action action) {
    if (!allows(user, action)) {
      throw forbidden(user, action);
    }
  }

  private static ApiFailure forbidden(User user, Action action) {
    if (action.target().isEmpty()) {
      return failure(
          "forbidden: User \""
              + user.name()
              + "\" cannot "
              + action.verb()
              + " path \""
              + action.path()
              + "\"",
          StatusDetails.EMPTY);
    }
    Target target = action.target().get();
    String subject = target.name().isEmpty() ? "" : " \"" + target.name() + "\"";
    String resource =
        target.subresource().isEmpty()
            ? target.resource()
            : target.resource() + "/" + target.subresource();
    String scope =
        target.namespace().isEmpty()
            ? "at the cluster scope"
            : "in the namespace \"" + target.namespace() + "\"";
    String message =
        target.qualifiedResource()
            + subject
            + " is forbidden: User \""
            + user.name()
            + "\" cannot "
            + action.verb()
            + " resource \""
            + resource
            + "\" in API group \""
            + target.group()
            + "\" "
            + scope;
    StatusDetails.Builder details = StatusDetails.builder().kind(target.resource());
    if (!target.group().isEmpty()) {
      details.group(target.group());
    }
    if (!target.name().isEmpty()) {
      details.name(target.name());
    }
    return failure(message, details.build());
  }

  private static ApiFailure failure(String message, StatusDetails details) {
    return new ApiFailure(
        Status.builder()
            .status("Failure")
            .code(403)
            .reason("Forbidden")
            .message(message)
            .details(details)
            .build());
  }
}
