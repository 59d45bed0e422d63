package dev.kapell.client;

/** The watch's stream ended; a new watch from the last seen revision goes on where it stopped. */
public final class WatchClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason, for a log. */
  public WatchClosedException(String message) {
    super(message, null, false, false);
  }
}
