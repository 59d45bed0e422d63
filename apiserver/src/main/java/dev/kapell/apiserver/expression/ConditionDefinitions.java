package dev.kapell.apiserver.expression;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import java.util.Set;

/** Refuses configurations of webhooks whose match conditions do not compile. */
public final class ConditionDefinitions implements Admission {
  private static final Set<String> KINDS =
      Set.of("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration");

  @Override
  public void validate(Attempt attempt, Obj configuration) {
    if (!KINDS.contains(attempt.resource().kind())
        || attempt.operation() == Operation.DELETE
        || !attempt.subresource().isEmpty()) {
      return;
    }
    Errors errors = new Errors();
    for (Obj webhook : configuration.items("webhooks")) {
      MatchConditions.check(webhook.items("matchConditions"), errors);
    }
    if (!errors.isEmpty()) {
      throw Failures.invalid(
          attempt.resource(), configuration.child("metadata").text("name"), errors.list());
    }
  }
}
