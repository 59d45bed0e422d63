package dev.kapell.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * Tokens of a text that {@link JsonOut} wrote, as all that is stored is: read where it lies,
 * without the tables of names and the buffers that a text of unknown origin needs. Names that come
 * once (the address of a pod in the owners of its fields) cost what their letters cost and no more.
 *
 * <p>{@link DecodeException} with the place for what is no JSON; what is skipped is only looked at
 * as far as finding its end needs.
 */
final class OwnTokens extends Tokens {
  /** Names of fields, each held once for all that is read. A race costs a copy. */
  private static final @Nullable String[] NAMES = new @Nullable String[1 << 12];

  /** Texts beside them, apart, since most come only once. */
  private static final @Nullable String[] TEXTS = new @Nullable String[1 << 12];

  private static final int MOST_HELD = 64;
  private static final int USUAL_DEPTH = 16;
  private static final int DIGITS_OF_A_LONG = 18;

  private final byte[] text;
  private int at;
  private int from;
  private int to;
  private @Nullable JsonToken current;
  private String name = "";

  /** Of the text or name last read: of its letters as {@link String#hashCode}, if it is plain. */
  private int hash;

  /** Whether its letters are as they are written, in ASCII. */
  private boolean plain;

  private boolean begun;
  private int depth;
  private boolean[] objects = new boolean[USUAL_DEPTH];

  OwnTokens(byte[] text) {
    this.text = text;
  }

  @Override
  @Nullable JsonToken next() {
    skipSpace();
    current = token();
    return current;
  }

  private @Nullable JsonToken token() {
    if (current == JsonToken.PROPERTY_NAME) {
      expect(':');
      skipSpace();
      return value();
    }
    if (depth == 0) {
      return outermost();
    }
    boolean inObject = objects[depth];
    if (letter() == (inObject ? '}' : ']')) {
      from = at++;
      to = at;
      depth--;
      return inObject ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
    }
    if (current != JsonToken.START_OBJECT && current != JsonToken.START_ARRAY) {
      expect(',');
      skipSpace();
    }
    return inObject ? member() : value();
  }

  private @Nullable JsonToken outermost() {
    if (!begun) {
      begun = true;
      return at == text.length ? null : value();
    }
    if (at < text.length) {
      throw malformed();
    }
    return null;
  }

  private JsonToken member() {
    if (letter() != '"') {
      throw malformed();
    }
    quoted();
    name = held(NAMES);
    return JsonToken.PROPERTY_NAME;
  }

  /** What stands between the quotes, as {@code all} has it. */
  private String held(@Nullable String[] all) {
    if (!plain || to - from - 2 > MOST_HELD) {
      return unquoted();
    }
    int slot = (hash ^ hash >>> 16) & (all.length - 1);
    String known = all[slot];
    if (known == null || !SharedTexts.isEqual(known, text, from + 1, to - 1)) {
      known = unquoted();
      all[slot] = known;
    }
    return known;
  }

  private JsonToken value() {
    return switch (letter()) {
      case '{' -> begin(true);
      case '[' -> begin(false);
      case '"' -> {
        quoted();
        yield JsonToken.VALUE_STRING;
      }
      case 't' -> word("true", JsonToken.VALUE_TRUE);
      case 'f' -> word("false", JsonToken.VALUE_FALSE);
      case 'n' -> word("null", JsonToken.VALUE_NULL);
      default -> digits();
    };
  }

  private JsonToken begin(boolean isObject) {
    from = at++;
    to = at;
    depth++;
    if (depth == objects.length) {
      objects = Arrays.copyOf(objects, 2 * depth);
    }
    objects[depth] = isObject;
    return isObject ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
  }

  private JsonToken word(String word, JsonToken token) {
    from = at;
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
    to = at;
    return token;
  }

  private JsonToken digits() {
    from = at;
    boolean whole = true;
    while (at < text.length) {
      byte c = text[at];
      if (c == '.' || c == 'e' || c == 'E') {
        whole = false;
      } else if ((c < '0' || c > '9') && c != '-' && c != '+') {
        break;
      }
      at++;
    }
    to = at;
    if (from == to || text[to - 1] < '0' || text[to - 1] > '9') {
      throw malformed();
    }
    return whole ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_NUMBER_FLOAT;
  }

  private void quoted() {
    from = at;
    int code = 0;
    int all = 0;
    boolean escaped = false;
    int i = at + 1;
    while (true) {
      if (i >= text.length) {
        throw malformed();
      }
      byte c = text[i++];
      if (c == '"') {
        break;
      }
      if (c == '\\') {
        escaped = true;
        i++;
      }
      code = 31 * code + c;
      all |= c;
    }
    at = i;
    to = i;
    hash = code;
    plain = !escaped && all >= 0;
  }

  private String unquoted() {
    int length = to - from - 2;
    if (plain) {
      return new String(text, from + 1, length, StandardCharsets.ISO_8859_1);
    }
    String written = new String(text, from + 1, length, StandardCharsets.UTF_8);
    return written.indexOf('\\') < 0 ? written : unescaped(written);
  }

  private String unescaped(String written) {
    StringBuilder letters = new StringBuilder(written.length());
    int i = 0;
    while (i < written.length()) {
      char letter = written.charAt(i++);
      if (letter != '\\') {
        letters.append(letter);
        continue;
      }
      char code = written.charAt(i++);
      switch (code) {
        case '"', '\\', '/' -> letters.append(code);
        case 'b' -> letters.append('\b');
        case 'f' -> letters.append('\f');
        case 'n' -> letters.append('\n');
        case 'r' -> letters.append('\r');
        case 't' -> letters.append('\t');
        case 'u' -> {
          letters.append(unit(written, i));
          i += 4;
        }
        default -> throw malformed();
      }
    }
    return letters.toString();
  }

  private char unit(String written, int first) {
    try {
      return (char) Integer.parseInt(written, first, first + 4, 16);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw malformed();
    }
  }

  private int letter() {
    if (at >= text.length) {
      throw malformed();
    }
    return text[at];
  }

  private void expect(char letter) {
    if (letter() != letter) {
      throw malformed();
    }
    at++;
  }

  private void skipSpace() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
      at++;
    }
  }

  private DecodeException malformed() {
    return new DecodeException("invalid JSON at byte " + at);
  }

  @Override
  @Nullable JsonToken current() {
    return current;
  }

  @Override
  String name() {
    return name;
  }

  @Override
  void skipChildren() {
    if (current == JsonToken.START_OBJECT || current == JsonToken.START_ARRAY) {
      int open = 1;
      while (open > 0) {
        switch (letter()) {
          case '"' -> quoted();
          case '{', '[' -> {
            open++;
            at++;
          }
          case '}', ']' -> {
            open--;
            at++;
          }
          default -> at++;
        }
      }
      skipChildren(at);
    }
  }

  @Override
  void skipChildren(int to) {
    at = to;
    from = to - 1;
    this.to = to;
    current = objects[depth] ? JsonToken.END_OBJECT : JsonToken.END_ARRAY;
    depth--;
  }

  @Override
  String string() {
    return current == JsonToken.VALUE_STRING ? held(TEXTS) : written();
  }

  private String written() {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  String string(SharedTexts texts) {
    return plain ? texts.shared(text, from + 1, to - 1, hash) : texts.shared(unquoted());
  }

  @Override
  boolean isLong() {
    if (to - from <= DIGITS_OF_A_LONG) {
      return true;
    }
    try {
      Long.parseLong(written());
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Override
  long longValue() {
    if (to - from > DIGITS_OF_A_LONG) {
      try {
        return Long.parseLong(written());
      } catch (NumberFormatException e) {
        throw new ArithmeticException(e.getMessage());
      }
    }
    boolean negative = text[from] == '-';
    long value = 0;
    for (int i = negative ? from + 1 : from; i < to; i++) {
      if (text[i] < '0') {
        throw malformed(); // a sign within
      }
      value = 10 * value + text[i] - '0';
    }
    return negative ? -value : value;
  }

  @Override
  double doubleValue() {
    try {
      return Double.parseDouble(written());
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  @Override
  int from() {
    return from;
  }

  @Override
  int to() {
    return to;
  }
}
