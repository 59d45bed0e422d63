package dev.kapell.api;

/**
 * How one type is read and written, without reflection. Stateless.
 *
 * @param <T> the type
 */
public interface Codec<T> {
  /**
   * Reads one JSON object; the reader stands on its opening brace. Throws {@link DecodeException}
   * with the path of what is wrong.
   */
  T readJson(JsonIn in);

  /**
   * Writes {@code value} as one JSON object (for a kind: with {@code apiVersion} and {@code kind}
   * first).
   */
  void writeJson(T value, JsonOut out);

  /** Reads the fields of one message up to the reader's limit. Throws {@link DecodeException}. */
  T readProto(ProtoIn in);

  /** Writes the fields of one message, without a length in front. */
  void writeProto(T value, ProtoOut out);
}
