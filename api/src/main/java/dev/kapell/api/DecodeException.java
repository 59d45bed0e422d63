package dev.kapell.api;

/** What was read is not what it should be; the message names the place and what was expected. */
public final class DecodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the place and what was expected there. */
  public DecodeException(String message) {
    super(message, null, false, false);
  }
}
