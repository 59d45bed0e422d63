package dev.kapell.apiserver.authorization;

/**
 * What a judge says.
 *
 * @param reason why, for people; may be empty
 * @param error what went wrong on the way; empty for nothing
 */
public record Decision(Verdict verdict, String reason, String error) {
  /** One without an error. */
  public Decision(Verdict verdict, String reason) {
    this(verdict, reason, "");
  }

  /** Yes, no, or ask somebody else. */
  public enum Verdict {
    /** They may. */
    ALLOW,
    /** They may not, whatever others say. */
    DENY,
    /** The next judge is to be asked. */
    NO_OPINION
  }

  /** They may. */
  public static Decision allow(String reason) {
    return new Decision(Verdict.ALLOW, reason);
  }

  /** They may not, whatever others say. */
  public static Decision deny(String reason) {
    return new Decision(Verdict.DENY, reason);
  }

  /** The next judge is to be asked; {@code reason} counts when nobody allows it. */
  public static Decision noOpinion(String reason) {
    return new Decision(Verdict.NO_OPINION, reason);
  }

  /** The same, although something went wrong. */
  public Decision failing(String why) {
    return new Decision(verdict, reason, why);
  }

  /** Whether it is allowed. */
  public boolean allowed() {
    return verdict == Verdict.ALLOW;
  }
}
