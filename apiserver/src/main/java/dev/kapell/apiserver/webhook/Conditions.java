package dev.kapell.apiserver.webhook;

import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/**
 * Judges the {@code matchConditions} of webhooks, which are written in CEL. Thread-safe.
 *
 * <p>The door to whoever knows the language.
 */
@FunctionalInterface
public interface Conditions {
  /** What a list of conditions amounts to. */
  sealed interface Verdict {
    /** All hold: the webhook is called. */
    record Holds() implements Verdict {}

    /** One does not hold: the webhook is not called. */
    record Fails() implements Verdict {}

    /** None fails, and one could not be evaluated: the failure policy decides. */
    record Broken(String message) implements Verdict {}
  }

  /** Nobody is at hand who could judge; configurations with conditions are refused before. */
  Conditions NONE =
      (conditions, request, user) ->
          new Verdict.Broken("match conditions (CEL) are not evaluated by this server");

  /**
   * Judges.
   *
   * @param conditions each with {@code name} and {@code expression}; not empty
   * @param request the {@code AdmissionRequest}, with {@code object} and {@code oldObject} inside
   * @param user who asks, for the authorizer
   */
  Verdict judge(List<Obj> conditions, Obj request, User user);
}
