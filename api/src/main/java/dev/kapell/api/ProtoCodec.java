package dev.kapell.api;

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

  /** Puts a message into an envelope. */
  public static byte[] seal(String apiVersion, String kind, byte[] raw) {
    ProtoOut out = new ProtoOut();
    out.message(
        1,
        () -> {
          out.string(1, apiVersion);
          out.string(2, kind);
        });
    out.bytes(2, dev.kapell.api.Bytes.of(raw));
    out.string(3, "");
    out.string(4, "");
    byte[] unknown = out.toBytes();
    byte[] sealed = Arrays.copyOf(MAGIC, MAGIC.length + unknown.length);
    System.arraycopy(unknown, 0, sealed, MAGIC.length, unknown.length);
    return sealed;
  }
}
