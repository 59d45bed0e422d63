package dev.kapell.apiserver.expression;

import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.webhook.Conditions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Judges the match conditions of webhooks. Thread-safe; keeps what it compiled, up to a bound, by
 * the conditions' text.
 */
public final class WebhookConditions implements Conditions {
  private static final int KEPT = 512;

  private final RequestAccess access;
  private final Map<String, MatchConditions> compiled = new ConcurrentHashMap<>();

  /** Lets {@code access} answer what conditions ask of {@code authorizer}. */
  public WebhookConditions(RequestAccess access) {
    this.access = access;
  }

  @Override
  public Verdict judge(List<Obj> conditions, Obj request, User user) {
    Inputs inputs = Inputs.of(request, user, access);
    return switch (compiled(conditions).match(inputs)) {
      case MatchConditions.Verdict.Matches _ -> new Verdict.Holds();
      case MatchConditions.Verdict.Skips _ -> new Verdict.Fails();
      case MatchConditions.Verdict.Fails(String message) -> new Verdict.Broken(message);
    };
  }

  private MatchConditions compiled(List<Obj> conditions) {
    String text = conditions.toString();
    MatchConditions known = compiled.get(text);
    if (known == null) {
      known = MatchConditions.of(conditions);
      if (compiled.size() >= KEPT) {
        compiled.clear();
      }
      compiled.put(text, known);
    }
    return known;
  }
}
