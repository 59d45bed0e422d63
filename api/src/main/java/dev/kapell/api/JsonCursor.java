package dev.kapell.api;

/**
 * Steps through the text of an object without taking it apart. Only for text that is known to be
 * well-formed: what the store keeps. One thread's.
 */
public final class JsonCursor {
  private final byte[] text;
  private int at;

  /** On the first value of {@code text}. */
  public JsonCursor(byte[] text) {
    this.text = text;
    skipSpace();
  }

  /** Where it stands. */
  public int at() {
    return at;
  }

  /** Whether it stands on an object. */
  public boolean isObject() {
    return text[at] == '{';
  }

  /** Moves behind the opening brace where it stands. */
  public void enter() {
    at++;
  }

  /**
   * Moves on to the name of the next member of the object that it has entered. At the end of that
   * object false, and it stands behind the closing brace.
   */
  public boolean nextName() {
    skipSpace();
    if (text[at] == '}') {
      at++;
      return false;
    }
    if (text[at] == ',') {
      at++;
      skipSpace();
    }
    return true;
  }

  /** Moves from a member's name on to its value. Returns where the name ends, quotes included. */
  public int skipName() {
    skipText();
    int end = at;
    skipSpace();
    at++; // the colon
    skipSpace();
    return end;
  }

  /** Passes over a value. */
  public void skipValue() {
    int depth = 0;
    do {
      switch (text[at]) {
        case '"' -> skipText();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':', ' ', '\n', '\r', '\t' -> at++;
        default -> skipWord();
      }
    } while (depth > 0);
  }

  /** Passes over a value that is known to be so long. */
  public void skip(int length) {
    at += length;
  }

  /** A number, {@code true}, {@code false} or {@code null}. */
  private void skipWord() {
    while (at < text.length && isOfWord(text[at])) {
      at++;
    }
  }

  static boolean isOfWord(byte c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '+'
        || c == '.';
  }

  private void skipText() {
    at++;
    while (text[at] != '"') {
      at += text[at] == '\\' ? 2 : 1;
    }
    at++;
  }

  private void skipSpace() {
    while (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t') {
      at++;
    }
  }
}
