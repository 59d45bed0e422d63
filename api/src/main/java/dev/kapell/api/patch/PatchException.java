package dev.kapell.api.patch;

/** A patch that cannot be read, or does not fit the object; the message says where. */
public final class PatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean malformed;

  private PatchException(String message, boolean malformed) {
    super(message, null, false, false);
    this.malformed = malformed;
  }

  /** The patch itself is no patch (400). */
  public static PatchException malformed(String message) {
    return new PatchException(message, true);
  }

  /** The patch is one, but the object is not as it expects (422). */
  public static PatchException unfit(String message) {
    return new PatchException(message, false);
  }

  /** Whether the patch itself is no patch. */
  public boolean isMalformed() {
    return malformed;
  }
}
