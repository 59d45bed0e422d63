package dev.kapell.compose.file;

/**
 * A Compose file that cannot be used. The message begins with the file and line and says what to
 * do.
 */
public final class ComposeFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for a person. */
  public ComposeFailure(String message) {
    super(message, null, false, false);
  }

  /** With the place. */
  ComposeFailure(Place place, String message) {
    this(place + ": " + message);
  }
}
