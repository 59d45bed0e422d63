package dev.kapell.api;

import dev.kapell.base.Recent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Records that are read from the same text again and again, each held once: the container, the
 * tolerations, the owners of fields of pods that one template made. A text has to come twice before
 * its record is kept, so that those that come once do not push the others out. Bounded: a record is
 * forgotten when another one comes to its place. Thread-safe without a lock: what is shared is
 * immutable, and a race costs a record that is read once more.
 */
final class SharedRecords {
  private static final int SLOTS = 1 << 12;
  private static final int FEWEST_BYTES = 32;
  private static final int MOST_BYTES = 2_048;

  /** A record, who read it, and from what. */
  private record Known(JsonReader<?> reader, byte[] text, Object value) {}

  /** A place in a text: an object from its opening brace to behind its closing one. */
  record Place(byte[] text, int from, int to, int hash) {
    /**
     * The object that begins at {@code from}; null when it is too small or too large to be shared,
     * or does not end.
     */
    static @Nullable Place of(byte[] text, int from) {
      int most = Math.min(text.length, from + MOST_BYTES);
      int depth = 0;
      int hash = 1;
      boolean quoted = false;
      for (int at = from; at < most; at++) {
        byte c = text[at];
        hash = 31 * hash + c;
        if (quoted) {
          if (c == '\\' && at + 1 < most) {
            at++;
            hash = 31 * hash + text[at];
          } else if (c == '"') {
            quoted = false;
          }
        } else if (c == '"') {
          quoted = true;
        } else if (c == '{') {
          depth++;
        } else if (c == '}' && --depth == 0) {
          return at + 1 - from < FEWEST_BYTES ? null : new Place(text, from, at + 1, hash);
        }
      }
      return null;
    }

    private int slot() {
      return Recent.slot(hash, SLOTS);
    }

    private boolean holds(byte[] other) {
      return Arrays.equals(text, from, to, other, 0, other.length);
    }
  }

  private final @Nullable Known[] known = new @Nullable Known[SLOTS];
  private final Recent recent = new Recent(SLOTS);

  /** What {@code reader} has made of the same text, if that is known. */
  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // what a reader has made is of its type
  <T> @Nullable T find(JsonReader<T> reader, Place place) {
    Known there = known[place.slot()];
    return there != null && there.reader() == reader && place.holds(there.text())
        ? (T) there.value()
        : null;
  }

  /** Keeps {@code value} when its text comes for the second time. */
  void keep(JsonReader<?> reader, Place place, Object value) {
    if (recent.isAgain(place.hash())) {
      byte[] text = Arrays.copyOfRange(place.text(), place.from(), place.to());
      known[place.slot()] = new Known(reader, text, value);
    }
  }
}
