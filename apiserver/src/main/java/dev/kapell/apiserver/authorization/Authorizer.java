package dev.kapell.apiserver.authorization;

import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.meta.v1.StatusDetails;
import dev.kapell.api.rbac.v1.PolicyRule;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.client.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides who may do what: the all-powerful may everything, for others each judge is asked in turn
 * until one has an opinion. Thread-safe.
 */
public final class Authorizer {
  private static final String ALL_POWERFUL = "system:masters";

  private final RoleCache roles;
  private final List<Judge> judges;

  /**
   * With judges.
   *
   * @param roles for questions about what roles say
   * @param judges in the order in which they are asked
   */
  public Authorizer(RoleCache roles, List<Judge> judges) {
    this.roles = roles;
    this.judges = List.copyOf(judges);
  }

  /** Whether {@code user} may. */
  public boolean allows(User user, Action action) {
    return decide(user, action).allowed();
  }

  /** Whether {@code user} may, and why. */
  public Decision decide(User user, Action action) {
    if (user.groups().contains(ALL_POWERFUL)) {
      return Decision.allow("");
    }
    List<String> reasons = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (Judge judge : judges) {
      Decision decision = judge.decide(user, action);
      if (decision.verdict() != Decision.Verdict.NO_OPINION) {
        return decision;
      }
      if (!decision.error().isEmpty()) {
        errors.add(decision.error());
      }
      if (!decision.reason().isEmpty()) {
        reasons.add(decision.reason());
      }
    }
    return Decision.noOpinion(String.join(", ", reasons)).failing(String.join(", ", errors));
  }

  /**
   * What can be told of somebody's rights.
   *
   * @param rules those that are known
   * @param gaps why there may be more, empty when these are all
   */
  public record Listing(List<PolicyRule> rules, List<String> gaps) {}

  /**
   * What {@code user} may do in {@code namespace} (empty: everywhere), as far as it can be told.
   */
  public Listing list(User user, String namespace) {
    List<String> gaps =
        judges.stream().flatMap(judge -> judge.unlisted(user).stream()).distinct().toList();
    boolean byRoles =
        user.groups().contains(ALL_POWERFUL)
            || judges.stream().anyMatch(RoleJudge.class::isInstance);
    return new Listing(byRoles ? rules(user, namespace) : List.of(), gaps);
  }

  /** Everything that {@code user} may do in {@code namespace} (empty: everywhere). */
  public List<PolicyRule> rules(User user, String namespace) {
    if (user.groups().contains(ALL_POWERFUL)) {
      return Rules.EVERYTHING;
    }
    return roles.grants().rules(user, namespace);
  }

  /** The rules of a role that a binding refers to; empty when there is no such role. */
  public Optional<List<PolicyRule>> rulesOf(String kind, String namespace, String name) {
    return roles.grants().rulesOf(kind, namespace, name);
  }

  /** Throws 403 in Kubernetes' words unless {@code user} may, and 500 when nobody could tell. */
  public void require(User user, Action action) {
    require(user, action, decide(user, action));
  }

  /** Throws what {@code decision} means unless it allows. */
  public static void require(User user, Action action, Decision decision) {
    if (!decision.allowed() && !decision.error().isEmpty()) {
      throw Failures.internal(decision.error());
    }
    if (!decision.allowed()) {
      throw forbidden(user, action, decision.reason());
    }
  }

  private static ApiFailure forbidden(User user, Action action, String reason) {
    String why = reason.isEmpty() ? "" : ": " + reason;
    if (action.target().isEmpty()) {
      return failure(
          "forbidden: User \""
              + user.name()
              + "\" cannot "
              + action.verb()
              + " path \""
              + action.path()
              + "\""
              + why,
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
            + scope
            + why;
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
