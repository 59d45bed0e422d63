package dev.kapell.cel;

/** What the evaluations of one request may cost together. Belongs to one thread. */
public final class Budget {
  /** What one evaluation may cost: about a tenth of a second. */
  public static final long ONE_CALL = 1_000_000;

  /** What all rules of an object, or of a policy, may cost: about a second. */
  public static final long RULES = 10_000_000;

  /** What all match conditions of a webhook or policy may cost: about a quarter of a second. */
  public static final long MATCH_CONDITIONS = 2_500_000;

  private long left;

  private Budget(long left) {
    this.left = left;
  }

  /** A fresh one. */
  public static Budget of(long units) {
    return new Budget(units);
  }

  /** What is left; negative once it was overdrawn. */
  public long left() {
    return left;
  }

  /** Whether it was overdrawn. */
  public boolean isSpent() {
    return left < 0;
  }

  void spend(long units) {
    left -= units;
  }
}
