package dev.kapell.api;

/**
 * How one type is read and written, without reflection. Stateless.
 *
 * @param <T> the type
 */
public interface Codec<T> extends JsonReader<T> {
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
