package dev.kapell.store;

/** The medium failed: the message says what and where. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what failed, for a person to read. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** With what failed, for a person to read. */
  public StoreException(String message) {
    super(message);
  }
}
