package dev.kapell.store;

/** The history asked for is no longer kept. */
public final class CompactedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long oldest;

  /**
   * @param asked the revision asked for
   * @param oldest the oldest revision from which a watch can start
   */
  public CompactedException(long asked, long oldest) {
    super(
        "revision " + asked + " has been compacted, the oldest kept is " + oldest,
        null,
        false,
        false);
    this.oldest = oldest;
  }

  /** The oldest revision from which a watch can start. */
  public long oldest() {
    return oldest;
  }
}
