package dev.kapell.api;

import dev.kapell.api.resource.Quantity;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads protocol buffers' wire format from left to right, up to a limit that nested messages
 * narrow. One thread.
 */
public final class ProtoIn {
  private static final int MAX_DEPTH = 200;

  private final byte[] bytes;
  private int at;
  private int limit;
  private int depth;
  private int wireType;

  ProtoIn(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.limit = to;
  }

  /** The number of the next field, 0 at the limit. */
  public int nextField() {
    if (at >= limit) {
      return 0;
    }
    long tag = varint();
    wireType = (int) (tag & 7);
    int number = (int) (tag >>> 3);
    if (number <= 0) {
      throw broken("a field number of 0");
    }
    return number;
  }

  /** Passes over the field just announced. */
  public void skip() {
    switch (wireType) {
      case 0 -> varint();
      case 1 -> advance(8);
      case 2 -> advance(size());
      case 5 -> advance(4);
      default -> throw broken("wire type " + wireType);
    }
  }

  private void expect(int type) {
    if (wireType != type) {
      throw broken("wire type " + wireType + " where " + type + " belongs");
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= limit) {
        throw broken("an end in the middle of a number");
      }
      byte part = bytes[at++];
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw broken("a number of more than 64 bits");
  }

  private int size() {
    long size = varint();
    if (size < 0 || size > limit - at) {
      throw broken("a length of " + size + " with " + (limit - at) + " bytes left");
    }
    return (int) size;
  }

  private void advance(int count) {
    if (count > limit - at) {
      throw broken("an end in the middle of a field");
    }
    at += count;
  }

  private DecodeException broken(String what) {
    return new DecodeException("invalid protobuf: " + what + " at byte " + at);
  }

  private byte[] raw() {
    expect(2);
    int size = size();
    byte[] content = Arrays.copyOfRange(bytes, at, at + size);
    at += size;
    return content;
  }

  /** A text. */
  public String string() {
    expect(2);
    int size = size();
    String text = new String(bytes, at, size, StandardCharsets.UTF_8);
    at += size;
    return text;
  }

  /** A truth value. */
  public Boolean bool() {
    expect(0);
    return varint() != 0;
  }

  /** A whole number. */
  public Integer int32() {
    expect(0);
    return (int) varint();
  }

  /** A whole number. */
  public Long int64() {
    expect(0);
    return varint();
  }

  /** A number. */
  public Double float64() {
    expect(1);
    advance(8);
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      bits |= (bytes[at - 8 + i] & 0xffL) << (8 * i);
    }
    double value = Double.longBitsToDouble(bits);
    if (!Double.isFinite(value)) {
      throw broken(value + " has no form in JSON,");
    }
    return value;
  }

  /** Bytes. */
  public Bytes bytes() {
    return Bytes.of(raw());
  }

  /** A time in whole seconds; null when it is empty, as Go writes its zero time. */
  public @Nullable Instant time() {
    return instant(false);
  }

  /** A time in microseconds; null when it is empty, as Go writes its zero time. */
  public @Nullable Instant microTime() {
    return instant(true);
  }

  private @Nullable Instant instant(boolean withNanos) {
    int outer = enter();
    boolean empty = at == limit;
    long seconds = 0;
    int nanos = 0;
    for (int number = nextField(); number != 0; number = nextField()) {
      switch (number) {
        case 1 -> seconds = int64();
        case 2 -> nanos = int32();
        default -> skip();
      }
    }
    leave(outer);
    try {
      return empty ? null : Instant.ofEpochSecond(seconds, withNanos ? nanos / 1000 * 1000 : 0);
    } catch (DateTimeException | ArithmeticException e) {
      throw broken("a time beyond all calendars");
    }
  }

  /** A quantity. */
  public Quantity quantity() {
    String[] text = {"0"};
    fields(
        number -> {
          if (number == 1) {
            text[0] = string();
          } else {
            skip();
          }
        });
    try {
      return Quantity.parse(text[0]);
    } catch (IllegalArgumentException e) {
      throw new DecodeException(String.valueOf(e.getMessage()));
    }
  }

  /** A number or a text. */
  public IntOrString intOrString() {
    Object[] parts = {0L, 0, ""};
    fields(
        number -> {
          switch (number) {
            case 1 -> parts[0] = int64();
            case 2 -> parts[1] = int32();
            case 3 -> parts[2] = string();
            default -> skip();
          }
        });
    return parts[0].equals(0L)
        ? IntOrString.of((Integer) parts[1])
        : IntOrString.of((String) parts[2]);
  }

  /** A JSON text in field 1 of a message. */
  public Json json() {
    byte[][] text = {new byte[] {'n', 'u', 'l', 'l'}};
    fields(
        number -> {
          if (number == 1) {
            text[0] = raw();
          } else {
            skip();
          }
        });
    return Json.parse(text[0]);
  }

  /** A list of texts in field 1 of a message. */
  public List<String> strings() {
    List<String> texts = new java.util.ArrayList<>();
    fields(
        number -> {
          if (number == 1) {
            texts.add(string());
          } else {
            skip();
          }
        });
    return texts;
  }

  /** A record. */
  public <T> T object(Codec<T> codec) {
    int outer = enter();
    T value = codec.readProto(this);
    leave(outer);
    return value;
  }

  /** The fields of a message, each by its number. */
  public interface Fields {
    /** Reads or skips field {@code number}. */
    void field(int number);
  }

  /** Reads a message field by field. */
  public void fields(Fields fields) {
    int outer = enter();
    for (int number = nextField(); number != 0; number = nextField()) {
      fields.field(number);
    }
    leave(outer);
  }

  /** Enters a message; the result is for {@link #leave}. */
  public int enter() {
    expect(2);
    int size = size();
    int outer = limit;
    limit = at + size;
    if (++depth > MAX_DEPTH) {
      throw broken("nesting deeper than " + MAX_DEPTH);
    }
    return outer;
  }

  /** Leaves a message. */
  public void leave(int outer) {
    at = limit;
    limit = outer;
    depth--;
  }

  /** Adds an entry to a map of texts. */
  public void stringEntry(Map<String, String> members) {
    int outer = enter();
    String key = "";
    String value = "";
    for (int number = nextField(); number != 0; number = nextField()) {
      switch (number) {
        case 1 -> key = string();
        case 2 -> value = string();
        default -> skip();
      }
    }
    leave(outer);
    members.put(key, value);
  }

  /** For types that have no protobuf form. */
  public static DecodeException noForm(String type) {
    return new DecodeException(type + " has no protobuf form, use JSON");
  }

  /** Adds an entry to a map; {@code absent} stands for a value that was left out. */
  public <T> void entry(Map<String, T> members, Supplier<@Nullable T> value, T absent) {
    Object[] parts = {"", absent};
    fields(
        number -> {
          switch (number) {
            case 1 -> parts[0] = string();
            case 2 -> parts[1] = Collected.or(value.get(), absent);
            default -> skip();
          }
        });
    @SuppressWarnings("unchecked") // only value.get() and absent are put there
    T member = (T) parts[1];
    members.put((String) parts[0], member);
  }
}
