package dev.kapell.compose;

import dev.kapell.api.Codec;
import dev.kapell.api.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells whether an object is still the one that a file asks for. */
final class Hashes {
  private static final int LENGTH = 16;

  private Hashes() {}

  /** Sixteen hexadecimal digits. */
  static <T> String of(Codec<T> codec, T object, String more) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(JsonCodec.encode(codec, object));
      digest.update(more.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
