package dev.kapell.blackbox.peer;

import java.util.Locale;

/**
 * Something that the two servers answer otherwise.
 *
 * @param aspect of the answer
 * @param place where it stands: the path of a field or owned field, or field and reason of a cause
 * @param peer what the peer has; {@link #ABSENT} for nothing
 * @param ours what Kapell has
 * @param note who owns the field; empty where it does not matter
 */
record Difference(Aspect aspect, String place, String peer, String ours, String note) {
  static final String ABSENT = "-";

  /** What differs. */
  enum Aspect {
    /** The code of HTTP, with the causes of a refusal. */
    ANSWER,
    /** A field of the {@code Status}. */
    STATUS,
    /** A cause of a refusal. */
    CAUSE,
    /** A field of the object. */
    FIELD,
    /** The owner of a field. */
    OWNER;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String toString() {
    String line =
        aspect.word()
            + " | "
            + place
            + " | "
            + peer
            + " | "
            + ours
            + (note.isEmpty() ? "" : "   (" + note + ")");
    return line.replace("\n", "\\n");
  }
}
