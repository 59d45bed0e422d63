package dev.kapell.apiserver.registry;

import dev.kapell.api.JsonCodec;
import dev.kapell.store.Op;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored object as text, of which a few members are read and set while all others stay as they
 * are: a change of two fields does not take an object of a hundred apart. Knows the members of the
 * members of an object, {@code spec.nodeName} for instance, and nothing below. One thread's.
 *
 * <p>Only for text that the store keeps: it has to be well-formed.
 */
final class Surface {
  /** Where a value stands: its first byte, and the one behind its last. */
  private record Range(int from, int to) {}

  /** What takes the place of what; of two at one place, the later one comes first. */
  private record Edit(Range range, int number, byte[] text) {
    static final Comparator<Edit> ORDER =
        Comparator.comparingInt((Edit edit) -> edit.range().from())
            .thenComparingInt(edit -> -edit.number());
  }

  private final byte[] text;

  /** The members of the object itself under the empty name, and of each that is an object. */
  private final Map<String, Map<String, Range>> members = new HashMap<>();

  /** Behind the opening braces of those. */
  private final Map<String, Integer> openings = new HashMap<>();

  private final List<Edit> edits = new ArrayList<>();
  private int at;

  private Surface(byte[] text) {
    this.text = text;
    skipSpace();
    object("");
  }

  /** Looks through {@code text}. */
  static Surface of(byte[] text) {
    return new Surface(text);
  }

  /** The value as it was, null when there was none: of {@code spec} and {@code nodeName}, say. */
  @Nullable Object get(String owner, String member) {
    Range range = members.getOrDefault(owner, Map.of()).get(member);
    return range == null
        ? null
        : JsonCodec.readOwnTree(Arrays.copyOfRange(text, range.from(), range.to()));
  }

  /** The text as it was, or empty text. */
  String text(String owner, String member) {
    return get(owner, member) instanceof String value ? value : "";
  }

  /** Sets a member; each once. */
  void put(String owner, String member, Object value) {
    Map<String, Range> siblings = members.get(owner);
    Integer opening = openings.get(owner);
    if (siblings == null || opening == null) {
      put("", owner, Map.of(member, value));
      return;
    }
    byte[] content = JsonCodec.writeTree(value);
    Range before = siblings.get(member);
    if (before != null) {
      edits.add(new Edit(before, edits.size(), content));
      return;
    }
    Text added = new Text();
    added.add(JsonCodec.writeTree(member)).add(":").add(content).add(siblings.isEmpty() ? "" : ",");
    Range there = new Range(opening, opening);
    edits.add(new Edit(there, edits.size(), added.bytes()));
    siblings.put(member, there);
  }

  /** The object with its new members, and room for its revision. */
  Wire.Encoded encoded() {
    Range revision = members.getOrDefault("metadata", Map.of()).get("resourceVersion");
    edits.sort(Edit.ORDER);
    Text whole = new Text();
    int from = 0;
    int stampAt = -1;
    for (Edit edit : edits) {
      if (revision != null && stampAt < 0 && edit.range().from() > revision.from()) {
        stampAt = whole.length() + revision.from() - from;
      }
      whole.add(text, from, edit.range().from()).add(edit.text());
      from = edit.range().to();
    }
    if (revision != null && stampAt < 0) {
      stampAt = whole.length() + revision.from() - from;
    }
    byte[] bytes = whole.add(text, from, text.length).bytes();
    return stampAt >= 0 && isRoom(bytes, stampAt)
        ? new Wire.Encoded(bytes, stampAt)
        : Wire.stamped(Wire.parse(bytes));
  }

  /** Whether a stamp of the store's stands there, which leaves room for another. */
  private static boolean isRoom(byte[] bytes, int at) {
    int end = at + Op.STAMP_LENGTH;
    if (end > bytes.length || bytes[at] != '"') {
      return false;
    }
    int closing = at + 1;
    while (closing < end && bytes[closing] != '"') {
      closing++;
    }
    for (int i = closing + 1; i < end; i++) {
      if (bytes[i] != ' ') {
        return false;
      }
    }
    return closing < end;
  }

  private void object(String name) {
    at++;
    openings.put(name, at);
    Map<String, Range> found = new HashMap<>();
    members.put(name, found);
    skipSpace();
    while (text[at] != '}') {
      if (text[at] == ',') {
        at++;
        skipSpace();
      }
      int quote = at;
      skipText();
      String member = name(quote, at);
      skipSpace();
      at++; // the colon
      skipSpace();
      int from = at;
      if (name.isEmpty() && text[at] == '{') {
        object(member);
      } else {
        skipValue();
      }
      found.put(member, new Range(from, at));
      skipSpace();
    }
    at++;
  }

  private String name(int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] == '\\') {
        return String.valueOf(JsonCodec.readOwnTree(Arrays.copyOfRange(text, from, to)));
      }
    }
    return new String(text, from + 1, to - from - 2, StandardCharsets.UTF_8);
  }

  private void skipValue() {
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

  /** A number, {@code true}, {@code false} or {@code null}. */
  private void skipWord() {
    while (text[at] == '-' || text[at] == '+' || text[at] == '.' || isLetterOrDigit(text[at])) {
      at++;
    }
  }

  private static boolean isLetterOrDigit(byte c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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

  /** Bytes one after the other. */
  private static final class Text {
    private byte[] bytes = new byte[1024];
    private int length;

    int length() {
      return length;
    }

    Text add(String ascii) {
      return add(ascii.getBytes(StandardCharsets.UTF_8));
    }

    Text add(byte[] more) {
      return add(more, 0, more.length);
    }

    Text add(byte[] more, int from, int to) {
      if (bytes.length < length + to - from) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + to - from));
      }
      System.arraycopy(more, from, bytes, length, to - from);
      length += to - from;
      return this;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, length);
    }
  }
}
