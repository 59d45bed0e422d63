package dev.kapell.api;

import dev.kapell.api.resource.Quantity;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes compact JSON as UTF-8 into a buffer that grows. One thread. */
public final class JsonOut {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final int STAMP_LENGTH = 22;

  private byte[] buffer;
  private int length;
  private boolean comma;
  private int stampAt = -1;
  private boolean stampWanted;

  JsonOut(int capacity, boolean stampWanted) {
    this.buffer = new byte[capacity];
    this.stampWanted = stampWanted;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  /** Where the room for the revision is, -1 when nothing asked for it. */
  int stampAt() {
    return stampAt;
  }

  private void ensure(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }

  private void separate() {
    if (comma) {
      ensure(1);
      buffer[length++] = ',';
    }
    comma = true;
  }

  private void raw(char letter) {
    ensure(1);
    buffer[length++] = (byte) letter;
  }

  /** Opens an object. */
  public void beginObject() {
    raw('{');
    comma = false;
  }

  /** Closes an object. */
  public void endObject() {
    raw('}');
    comma = true;
  }

  /** Writes a field's name; its value follows. {@code name} is plain ASCII. */
  public void name(String name) {
    separate();
    int size = name.length();
    ensure(size + 3);
    buffer[length++] = '"';
    for (int i = 0; i < size; i++) {
      buffer[length++] = (byte) name.charAt(i);
    }
    buffer[length++] = '"';
    buffer[length++] = ':';
  }

  /**
   * Writes {@code metadata.resourceVersion}: room for the store's stamp the first time when asked
   * for, else the value when there is one.
   */
  public void resourceVersion(@Nullable String value) {
    if (stampWanted) {
      stampWanted = false;
      name("resourceVersion");
      stampAt = length;
      ensure(STAMP_LENGTH);
      buffer[length++] = '"';
      buffer[length++] = '"';
      Arrays.fill(buffer, length, length + STAMP_LENGTH - 2, (byte) ' ');
      length += STAMP_LENGTH - 2;
    } else {
      field("resourceVersion", value);
    }
  }

  /** True while the room for the revision has still to be made. */
  public boolean wantsStamp() {
    return stampWanted;
  }

  /** What every kind starts with. */
  public void kind(String apiVersion, String kind) {
    field("apiVersion", apiVersion);
    field("kind", kind);
  }

  /** A text field, nothing when null. */
  public void field(String name, @Nullable String value) {
    if (value != null) {
      name(name);
      string(value);
    }
  }

  /** A whole-number field, nothing when null. */
  public void field(String name, @Nullable Integer value) {
    if (value != null) {
      name(name);
      number(value.longValue());
    }
  }

  /** A whole-number field, nothing when null. */
  public void field(String name, @Nullable Long value) {
    if (value != null) {
      name(name);
      number(value);
    }
  }

  /** A truth field, nothing when null. */
  public void field(String name, @Nullable Boolean value) {
    if (value != null) {
      name(name);
      bool(value);
    }
  }

  /** A number field, nothing when null. */
  public void field(String name, @Nullable Double value) {
    if (value != null) {
      name(name);
      number(value);
    }
  }

  /** A quantity field, nothing when null. */
  public void field(String name, @Nullable Quantity value) {
    field(name, value == null ? null : value.toString());
  }

  /** A field of bytes, nothing when null. */
  public void field(String name, @Nullable Bytes value) {
    field(name, value == null ? null : value.base64());
  }

  /** A field of any value, nothing when null. */
  public void field(String name, @Nullable Json value) {
    if (value != null) {
      name(name);
      json(value);
    }
  }

  /** A number-or-text field, nothing when null. */
  public void field(String name, @Nullable IntOrString value) {
    switch (value) {
      case null -> {}
      case IntOrString.OfInt number -> field(name, (Integer) number.value());
      case IntOrString.OfString text -> field(name, text.value());
    }
  }

  /** A time field in seconds, nothing when null. */
  public void time(String name, @Nullable Instant value) {
    field(name, value == null ? null : Times.seconds(value));
  }

  /** A time field in microseconds, nothing when null. */
  public void microTime(String name, @Nullable Instant value) {
    field(name, value == null ? null : Times.micros(value));
  }

  /** A record field, nothing when null. */
  public <T> void object(String name, @Nullable T value, Codec<T> codec) {
    if (value != null) {
      name(name);
      codec.writeJson(value, this);
    }
  }

  /** A list field; an empty one only when {@code required}. */
  public <T> void list(String name, List<T> items, boolean required, Consumer<T> element) {
    if (items.isEmpty() && !required) {
      return;
    }
    name(name);
    raw('[');
    comma = false;
    for (T item : items) {
      separate();
      element.accept(item);
    }
    raw(']');
    comma = true;
  }

  /** A list of records; an empty one only when {@code required}. */
  public <T> void objects(String name, List<T> items, boolean required, Codec<T> codec) {
    list(name, items, required, item -> codec.writeJson(item, this));
  }

  /** A list of texts; an empty one only when {@code required}. */
  public void strings(String name, List<String> texts, boolean required) {
    if (!texts.isEmpty() || required) {
      name(name);
      strings(texts);
    }
  }

  /** A map field; an empty one only when {@code required}. */
  public <T> void map(String name, Map<String, T> members, boolean required, Consumer<T> value) {
    if (members.isEmpty() && !required) {
      return;
    }
    name(name);
    beginObject();
    members.forEach(
        (key, member) -> {
          separate();
          string(key);
          raw(':');
          value.accept(member);
        });
    endObject();
  }

  /** A whole number. */
  public void number(long value) {
    byte[] digits = Long.toString(value).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    append(digits);
  }

  /**
   * A number; a whole one is written without a fraction. {@link DecodeException} for what JSON has
   * no form for: written all the same, nobody could read the object again.
   */
  public void number(double value) {
    if (!Double.isFinite(value)) {
      throw new DecodeException("the number " + value + " has no form in JSON");
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      number((long) value);
    } else {
      append(Double.toString(value).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
  }

  /** A truth value. */
  public void bool(boolean value) {
    append((value ? "true" : "false").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  /** Any value. */
  public void json(Json value) {
    append(value.text());
  }

  /** A number or a text. */
  public void intOrString(IntOrString value) {
    switch (value) {
      case IntOrString.OfInt number -> number(number.value());
      case IntOrString.OfString text -> string(text.value());
    }
  }

  /** A quantity. */
  public void quantity(Quantity value) {
    string(value.toString());
  }

  /** Bytes, as base64. */
  public void bytes(Bytes value) {
    string(value.base64());
  }

  /** A time in seconds. */
  public void time(Instant value) {
    string(Times.seconds(value));
  }

  /** A time in microseconds. */
  public void microTime(Instant value) {
    string(Times.micros(value));
  }

  /** A list of texts. */
  public void strings(List<String> texts) {
    raw('[');
    comma = false;
    for (String text : texts) {
      separate();
      string(text);
    }
    raw(']');
    comma = true;
  }

  private void append(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  /** A text. */
  public void string(String text) {
    int size = text.length();
    ensure(size * 6 + 2);
    buffer[length++] = '"';
    for (int i = 0; i < size; i++) {
      char letter = text.charAt(i);
      if (letter >= 0x20 && letter < 0x7f && letter != '"' && letter != '\\') {
        buffer[length++] = (byte) letter;
      } else if (letter < 0x80) {
        escape(letter);
      } else {
        i += encode(text, i);
      }
    }
    buffer[length++] = '"';
  }

  private void escape(char letter) {
    buffer[length++] = '\\';
    switch (letter) {
      case '"', '\\' -> buffer[length++] = (byte) letter;
      case '\n' -> buffer[length++] = 'n';
      case '\r' -> buffer[length++] = 'r';
      case '\t' -> buffer[length++] = 't';
      default -> {
        buffer[length++] = 'u';
        buffer[length++] = '0';
        buffer[length++] = '0';
        buffer[length++] = HEX[letter >> 4];
        buffer[length++] = HEX[letter & 15];
      }
    }
  }

  /** Encodes the character at {@code at}; returns how many further units it took. */
  private int encode(String text, int at) {
    int point = text.codePointAt(at);
    if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
      point = 0xfffd;
    }
    if (point < 0x800) {
      buffer[length++] = (byte) (0xc0 | (point >> 6));
    } else if (point < 0x10000) {
      buffer[length++] = (byte) (0xe0 | (point >> 12));
      buffer[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
    } else {
      buffer[length++] = (byte) (0xf0 | (point >> 18));
      buffer[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
      buffer[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
    }
    buffer[length++] = (byte) (0x80 | (point & 0x3f));
    return point >= 0x10000 ? 1 : 0;
  }

  /** A member of a tree, whose name may be any text. */
  void member(String name, @Nullable Object value) {
    separate();
    string(name);
    raw(':');
    tree(value);
  }

  /** A tree. */
  void tree(@Nullable Object tree) {
    switch (tree) {
      case null -> append(new byte[] {'n', 'u', 'l', 'l'});
      case String text -> string(text);
      case Boolean truth -> bool(truth);
      case Double number -> number(number.doubleValue());
      case Number number -> number(number.longValue());
      case Map<?, ?> map -> {
        beginObject();
        map.forEach((key, value) -> member(String.valueOf(key), value));
        endObject();
      }
      case List<?> list -> {
        raw('[');
        comma = false;
        for (Object item : list) {
          separate();
          tree(item);
        }
        raw(']');
        comma = true;
      }
      case Json json -> json(json);
      default -> throw new IllegalArgumentException("no JSON form for " + tree.getClass());
    }
  }
}
