package dev.kapell.api;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Protobuf from and to records, and Kubernetes' envelope around a kind: {@code k8s\0} and a {@code
 * runtime.Unknown} message of type, bytes and encoding. Thread-safe.
 */
public final class ProtoCodec {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private ProtoCodec() {}

  /** Reads a message. */
  public static <T> T decode(Codec<T> codec, byte[] bytes) {
    return codec.readProto(new ProtoIn(bytes, 0, bytes.length));
  }

  /** Writes a message. */
  public static <T> byte[] encode(Codec<T> codec, T value) {
    ProtoOut out = new ProtoOut();
    codec.writeProto(value, out);
    return out.toBytes();
  }

  /**
   * What is in an envelope.
   *
   * @param apiVersion for instance {@code apps/v1}
   * @param kind for instance {@code Deployment}
   * @param raw the message
   */
  public record Envelope(String apiVersion, String kind, byte[] raw) {}

  /** Opens an envelope. {@link DecodeException} when it is none. */
  public static Envelope open(byte[] bytes) {
    if (bytes.length < MAGIC.length
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new DecodeException("invalid protobuf: it does not start with k8s\\0");
    }
    ProtoIn in = new ProtoIn(bytes, MAGIC.length, bytes.length);
    String[] type = {"", ""};
    byte[] raw = new byte[0];
    for (int number = in.nextField(); number != 0; number = in.nextField()) {
      switch (number) {
        case 1 ->
            in.fields(
                field -> {
                  switch (field) {
                    case 1 -> type[0] = in.string();
                    case 2 -> type[1] = in.string();
                    default -> in.skip();
                  }
                });
        case 2 -> raw = in.bytes().toArray();
        default -> in.skip();
      }
    }
    return new Envelope(type[0], type[1], raw);
  }

  /** What stands around a message in its envelope. */
  public record Seal(byte[] before, byte[] after) {}

  /** The envelope of a message of {@code length} bytes. */
  public static Seal seal(String apiVersion, String kind, long length) {
    ProtoOut before = new ProtoOut();
    before.plain(MAGIC);
    before.message(
        1,
        () -> {
          before.string(1, apiVersion);
          before.string(2, kind);
        });
    before.head(2, length);
    ProtoOut after = new ProtoOut();
    after.string(3, "");
    after.string(4, "");
    return new Seal(before.toBytes(), after.toBytes());
  }

  /** Puts a message into an envelope. */
  public static byte[] seal(String apiVersion, String kind, byte[] raw) {
    Seal seal = seal(apiVersion, kind, raw.length);
    return ByteBuffer.allocate(seal.before().length + raw.length + seal.after().length)
        .put(seal.before())
        .put(raw)
        .put(seal.after())
        .array();
  }
}
