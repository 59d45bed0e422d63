package dev.kapell.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts that stand in many objects, each held once by all records that are read with this: of the
 * texts of a pod, hardly one in ten is its own. Bounded: a text is forgotten when another one comes
 * to its place. Thread-safe without a lock: what is shared is immutable, and a race costs a copy.
 */
public final class SharedTexts {
  private static final int SLOTS = 1 << 14;
  private static final int MOST_CHARACTERS = 64;
  private static final int MOST_BYTES = 2_048;

  private final @Nullable String[] texts = new @Nullable String[SLOTS];
  private final @Nullable Json[] values = new @Nullable Json[SLOTS];
  private final SharedRecords records = new SharedRecords();

  /** The records made of texts. */
  SharedRecords records() {
    return records;
  }

  /** A text that is equal to {@code text}, and perhaps held by others. */
  String shared(String text) {
    if (text.length() > MOST_CHARACTERS) {
      return text;
    }
    int slot = slot(text.hashCode());
    String known = texts[slot];
    if (known != null && known.equals(text)) {
      return known;
    }
    texts[slot] = text;
    return text;
  }

  /**
   * The same of a text that lies in ASCII from one place to another.
   *
   * @param hash of its letters, as {@link String#hashCode}
   */
  String shared(byte[] ascii, int from, int to, int hash) {
    int slot = slot(hash);
    String known = texts[slot];
    if (known != null && isEqual(known, ascii, from, to)) {
      return known;
    }
    String text = new String(ascii, from, to - from, StandardCharsets.ISO_8859_1);
    if (text.length() <= MOST_CHARACTERS) {
      texts[slot] = text;
    }
    return text;
  }

  /** Whether {@code text} has the very letters that lie in ASCII from one place to another. */
  static boolean isEqual(String text, byte[] ascii, int from, int to) {
    int length = to - from;
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != ascii[from + i]) {
        return false;
      }
    }
    return true;
  }

  /** A value with the same text as {@code value}, and perhaps held by others. */
  Json shared(Json value) {
    byte[] text = value.text();
    if (text.length > MOST_BYTES) {
      return value;
    }
    int slot = slot(Arrays.hashCode(text));
    Json known = values[slot];
    if (known != null && Arrays.equals(known.text(), text)) {
      return known;
    }
    values[slot] = value;
    return value;
  }

  private static int slot(int hash) {
    return (hash ^ hash >>> 16) & (SLOTS - 1);
  }
}
