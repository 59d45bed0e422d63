package dev.kapell.client.http;

/** No answer came: the message says from where and what to look at. */
public final class UnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for a person. */
  public UnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
