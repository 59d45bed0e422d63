package dev.kapell.apiserver.expression;

import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Authorizer;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.request.Target;
import dev.kapell.apiserver.request.User;
import dev.kapell.cel.function.AccessCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers what expressions ask of {@code authorizer}. Thread-safe. The authorizer reads its roles
 * from the server that it guards, and so comes later than the server's core.
 */
public final class RequestAccess {
  private volatile Optional<Authorizer> authorizer = Optional.empty();

  /** Who decides from now on. */
  public void decideBy(Authorizer decider) {
    authorizer = Optional.of(decider);
  }

  /** Who decides; empty as long as there is nobody. */
  public Optional<Authorizer> authorizer() {
    return authorizer;
  }

  /** Whether {@code user} may do {@code action}. */
  public Decision decide(User user, Action action) {
    return authorizer
        .map(decider -> decider.decide(user, action))
        .orElseGet(() -> Decision.noOpinion("").failing("the server has no authorizer yet"));
  }

  /** Questions on behalf of {@code user}. */
  AccessCheck of(User user) {
    return question -> answer(user, question);
  }

  private AccessCheck.Decision answer(User user, AccessCheck.Question question) {
    User asked = question.serviceAccount().map(RequestAccess::serviceAccount).orElse(user);
    Decision decision = decide(asked, action(question));
    return new AccessCheck.Decision(decision.allowed(), decision.reason(), decision.error());
  }

  private static Action action(AccessCheck.Question question) {
    if (!question.path().isEmpty()) {
      return Action.path(question.verb(), question.path());
    }
    return Action.on(
            question.verb(),
            new Target(
                question.group(),
                "*",
                question.resource(),
                question.namespace(),
                question.name(),
                question.subresource()))
        .selecting(question.fieldSelector(), question.labelSelector());
  }

  private static User serviceAccount(String name) {
    String namespace = name.substring(0, name.indexOf(':'));
    return new User(
        "system:serviceaccount:" + name,
        "",
        List.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated"),
        Map.of());
  }
}
