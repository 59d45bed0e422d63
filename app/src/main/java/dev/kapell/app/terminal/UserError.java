package dev.kapell.app.terminal;

import org.jspecify.annotations.Nullable;

/**
 * A mistake or a circumstance that the person at the command line can mend. The message says what
 * and how.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence or two for a person. */
  public UserError(@Nullable String message) {
    super(message, null, false, false);
  }
}
