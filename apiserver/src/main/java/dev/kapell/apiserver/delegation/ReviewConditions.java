package dev.kapell.apiserver.delegation;

import dev.kapell.apiserver.expression.Environments;
import dev.kapell.apiserver.expression.MatchConditions;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.cel.CompileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The {@code matchConditions} of a webhook authorizer. */
final class ReviewConditions {
  private static final int MOST = 64;

  private ReviewConditions() {}

  static MatchConditions read(Settings webhook) {
    List<Settings> given = webhook.list("matchConditions");
    if (given.isEmpty()) {
      return MatchConditions.NONE;
    }
    if (given.size() > MOST) {
      throw webhook.invalid("matchConditions", "must have at most " + MOST + " items");
    }
    AccessWebhook.oneOf(webhook, "matchConditionSubjectAccessReviewVersion", "v1");
    List<Obj> conditions = new ArrayList<>();
    Set<String> expressions = new HashSet<>();
    for (Settings condition : given) {
      String expression = condition.only("expression").text("expression");
      if (expression.isBlank()) {
        throw condition.invalid("expression", "is required");
      }
      if (!expressions.add(expression)) {
        throw condition.invalid("expression", "is there twice");
      }
      try {
        Environments.reviews().compile(expression, "bool");
      } catch (CompileException e) {
        throw condition.invalid("expression", "does not compile: " + e.words());
      }
      conditions.add(Obj.root(Obj.tree("name", expression, "expression", expression)));
    }
    return MatchConditions.of(conditions, Environments.reviews());
  }
}
