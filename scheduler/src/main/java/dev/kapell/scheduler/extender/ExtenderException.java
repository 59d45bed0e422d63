package dev.kapell.scheduler.extender;

/** A program that has a say did not answer, or said that it cannot. */
public final class ExtenderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence that names the program. */
  public ExtenderException(String message) {
    super(message);
  }
}
