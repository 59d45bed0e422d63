package dev.kapell.cel.function;

import java.util.Optional;

/**
 * Asks whether somebody may do something, for the variable {@code authorizer}.
 *
 * <p>Blocks for as long as the answer takes.
 */
@FunctionalInterface
public interface AccessCheck {
  /**
   * What is asked.
   *
   * @param serviceAccount {@code namespace:name} on whose behalf it is asked; empty: the user of
   *     the request
   * @param path of something that is no resource; empty for a resource
   * @param fieldSelector in its text form; empty when there is none
   * @param labelSelector in its text form; empty when there is none
   */
  record Question(
      Optional<String> serviceAccount,
      String verb,
      String path,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name,
      String fieldSelector,
      String labelSelector) {}

  /**
   * The answer.
   *
   * @param reason why, for a person
   * @param error what went wrong while it was found; empty when nothing did
   */
  record Decision(boolean allowed, String reason, String error) implements Authorizations.Typed {
    @Override
    public String typeName() {
      return "kubernetes.authorization.Decision";
    }
  }

  /** Decides. */
  Decision decide(Question question);
}
