package dev.kapell.cel;

/** An expression that is not one, or that gives the wrong type. The message is for its author. */
public final class CompileException extends Exception {
  private static final long serialVersionUID = 1;

  CompileException(String message) {
    super(message);
  }

  /** The message, never null. */
  public String words() {
    return String.valueOf(getMessage());
  }
}
