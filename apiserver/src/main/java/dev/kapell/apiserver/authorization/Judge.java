package dev.kapell.apiserver.authorization;

import dev.kapell.apiserver.request.User;
import java.util.Optional;

/** One way to decide who may do what. Thread-safe. */
public interface Judge {
  /** Whether {@code user} may. */
  Decision decide(User user, Action action);

  /** Why nobody can list all that it allows {@code user}; empty when roles say all of it. */
  default Optional<String> unlisted(User user) {
    return Optional.empty();
  }
}
