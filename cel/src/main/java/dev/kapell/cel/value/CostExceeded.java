package dev.kapell.cel.value;

/** An evaluation was stopped because it cost more than it was given. */
public final class CostExceeded extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** In the words of the reference. */
  public CostExceeded() {
    super("operation cancelled: actual cost limit exceeded", null, false, false);
  }
}
