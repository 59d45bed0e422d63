package dev.kapell.apiserver.authorization;

import dev.kapell.apiserver.request.User;

/** One way to decide who may do what. Thread-safe. */
public interface Judge {
  /** Whether {@code user} may. */
  Decision decide(User user, Action action);
}
