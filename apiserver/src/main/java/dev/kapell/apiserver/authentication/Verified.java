package dev.kapell.apiserver.authentication;

import dev.kapell.apiserver.request.User;
import java.time.Instant;
import java.util.List;

/**
 * A good token.
 *
 * @param user who it stands for
 * @param audiences which of the asked ones it is for
 * @param until when it stops being good
 */
public record Verified(User user, List<String> audiences, Instant until) {
  /** Copies the list. */
  public Verified {
    audiences = List.copyOf(audiences);
  }
}
