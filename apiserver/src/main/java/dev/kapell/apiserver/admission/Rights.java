package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.authorization.Action;
import dev.kapell.apiserver.authorization.Decision;
import dev.kapell.apiserver.request.User;

/** Tells what somebody may. Thread-safe. */
@FunctionalInterface
public interface Rights {
  /** Whether {@code user} may do {@code action}. */
  Decision decide(User user, Action action);
}
