package dev.kapell.cel.value;

/**
 * An expression that came to no value, for instance {@code no such key: x}. Expected, therefore
 * without a stack trace; {@code &&} and {@code ||} may swallow it.
 */
public final class CelError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the words that users see. */
  public CelError(String message) {
    super(message, null, false, false);
  }

  /** The words that users see. */
  public String words() {
    return String.valueOf(getMessage());
  }

  /** No function takes these values. */
  public static CelError noSuchOverload() {
    return new CelError("no such overload");
  }

  /** A field or key is not there. */
  public static CelError noSuchKey(Object key) {
    return new CelError("no such key: " + key);
  }
}
