package dev.kapell.api;

import dev.kapell.api.resource.Quantity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes protocol buffers' wire format into a buffer that grows. One thread. */
public final class ProtoOut {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;

  private static final int CAPACITY = 512;

  private byte[] buffer;
  private int length;

  /** A message without fields. */
  public ProtoOut() {
    this(CAPACITY);
  }

  /** A message without fields that is going to have about so many bytes. */
  public ProtoOut(int capacity) {
    buffer = new byte[capacity];
  }

  /** What was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  private void ensure(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }

  private void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[length++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }

  private void tag(int number, int type) {
    varint((long) number << 3 | type);
  }

  /** Bytes: a text, or a message that is written already. */
  public void raw(int number, byte[] bytes) {
    head(number, bytes.length);
    plain(bytes);
  }

  /** A message of which {@code parts} are the fields, written already. */
  public void raw(int number, Collection<byte[]> parts) {
    head(number, parts.stream().mapToLong(part -> part.length).sum());
    parts.forEach(this::plain);
  }

  /** What stands before a field of {@code size} bytes. */
  public void head(int number, long size) {
    tag(number, LENGTH);
    varint(size);
  }

  /** Bytes that are no field. */
  void plain(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  /** A text, nothing when null. */
  public void string(int number, @Nullable String value) {
    if (value != null) {
      raw(number, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A truth value, nothing when null. */
  public void bool(int number, @Nullable Boolean value) {
    if (value != null) {
      tag(number, VARINT);
      varint(value ? 1 : 0);
    }
  }

  /** A whole number, nothing when null. */
  public void int32(int number, @Nullable Integer value) {
    if (value != null) {
      tag(number, VARINT);
      varint(value);
    }
  }

  /** A whole number, nothing when null. */
  public void int64(int number, @Nullable Long value) {
    if (value != null) {
      tag(number, VARINT);
      varint(value);
    }
  }

  /** A number, nothing when null. */
  public void float64(int number, @Nullable Double value) {
    if (value != null) {
      tag(number, FIXED64);
      long bits = Double.doubleToLongBits(value);
      ensure(8);
      for (int i = 0; i < 8; i++) {
        buffer[length++] = (byte) (bits >>> (8 * i));
      }
    }
  }

  /** Bytes, nothing when null. */
  public void bytes(int number, @Nullable Bytes value) {
    if (value != null) {
      raw(number, value.toArray());
    }
  }

  /** A time, nothing when null. */
  public void time(int number, @Nullable Instant value) {
    if (value != null) {
      message(
          number,
          () -> {
            int64(1, value.getEpochSecond());
            int32(2, 0);
          });
    }
  }

  /** A time, nothing when null. */
  public void microTime(int number, @Nullable Instant value) {
    if (value != null) {
      message(
          number,
          () -> {
            int64(1, value.getEpochSecond());
            int32(2, value.getNano());
          });
    }
  }

  /** A quantity, nothing when null. */
  public void quantity(int number, @Nullable Quantity value) {
    if (value != null) {
      message(number, () -> string(1, value.toString()));
    }
  }

  /** A number or a text, nothing when null. */
  public void intOrString(int number, @Nullable IntOrString value) {
    switch (value) {
      case null -> {}
      case IntOrString.OfInt whole ->
          message(
              number,
              () -> {
                int64(1, 0L);
                int32(2, whole.value());
                string(3, "");
              });
      case IntOrString.OfString text ->
          message(
              number,
              () -> {
                int64(1, 1L);
                int32(2, 0);
                string(3, text.value());
              });
    }
  }

  /** Any JSON value, in a message whose field 1 is its text; nothing when null. */
  public void json(int number, @Nullable Json value) {
    if (value != null) {
      message(number, () -> raw(1, value.toArray()));
    }
  }

  /** A list of texts, in a message whose field 1 repeats; nothing when empty. */
  public void strings(int number, List<String> texts) {
    message(number, () -> texts.forEach(text -> string(1, text)));
  }

  /** A record, nothing when null. */
  public <T> void object(int number, @Nullable T value, Codec<T> codec) {
    if (value != null) {
      int start = open(number);
      codec.writeProto(value, this);
      close(start);
    }
  }

  /** Each record as a field of its own. */
  public <T> void objects(int number, List<T> items, Codec<T> codec) {
    for (T item : items) {
      object(number, item, codec);
    }
  }

  /** Each text as a field of its own. */
  public void texts(int number, List<String> texts) {
    for (String text : texts) {
      string(number, text);
    }
  }

  /** Each text as an entry. */
  public void textMap(int number, Map<String, String> texts) {
    texts.forEach(
        (key, value) -> {
          int start = open(number);
          string(1, key);
          string(2, value);
          close(start);
        });
  }

  /** Each item as a field of its own. */
  public <T> void list(List<T> items, Consumer<T> element) {
    items.forEach(element);
  }

  /** Each member as an entry. */
  public <T> void map(int number, Map<String, T> members, Consumer<T> value) {
    members.forEach(
        (key, member) ->
            message(
                number,
                () -> {
                  string(1, key);
                  value.accept(member);
                }));
  }

  /** A message whose fields {@code fields} writes. */
  public void message(int number, Runnable fields) {
    int start = open(number);
    fields.run();
    close(start);
  }

  /** Starts a message, whose fields follow; the result is for {@link #close}. */
  public int open(int number) {
    tag(number, LENGTH);
    ensure(1);
    length++;
    return length;
  }

  /** Ends a message: its length goes in front, where there was room for lengths below 128. */
  public void close(int start) {
    int size = length - start;
    int extra =
        size < 1 << 7 ? 0 : size < 1 << 14 ? 1 : size < 1 << 21 ? 2 : size < 1 << 28 ? 3 : 4;
    if (extra > 0) {
      ensure(extra);
      System.arraycopy(buffer, start, buffer, start + extra, size);
    }
    length = start - 1;
    varint(size);
    length += size;
  }
}
