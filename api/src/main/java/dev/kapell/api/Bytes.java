package dev.kapell.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Immutable bytes; base64 in JSON. Equal when the bytes are equal. */
public final class Bytes {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of {@code bytes}. */
  public static Bytes of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /** The UTF-8 form of {@code text}. */
  public static Bytes ofUtf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads base64; {@link IllegalArgumentException} when it is none. */
  public static Bytes ofBase64(String text) {
    boolean lines = text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    String plain = lines ? text.replace("\n", "").replace("\r", "") : text;
    if (plain.length() % 4 != 0) {
      throw new IllegalArgumentException("the padding is missing");
    }
    return new Bytes(Base64.getDecoder().decode(plain));
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return bytes.clone();
  }

  /** How many. */
  public int size() {
    return bytes.length;
  }

  /** As base64. */
  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** As text; what is no UTF-8 becomes replacement characters. */
  public String utf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Only the size: the bytes may be secret. */
  @Override
  public String toString() {
    return "Bytes[" + bytes.length + "]";
  }
}
