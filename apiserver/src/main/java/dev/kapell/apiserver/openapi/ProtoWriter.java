package dev.kapell.apiserver.openapi;

import dev.kapell.api.ProtoOut;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** A protobuf message in the making, put together from its parts. */
final class ProtoWriter {
  private static final int CAPACITY = 64;

  private final ProtoOut out = new ProtoOut(CAPACITY);

  ProtoWriter text(int field, Object value) {
    out.raw(field, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    return this;
  }

  ProtoWriter flag(int field, boolean value) {
    if (value) {
      out.bool(field, true);
    }
    return this;
  }

  ProtoWriter message(int field, ProtoWriter message) {
    out.raw(field, message.toBytes());
    return this;
  }

  /** A message of which {@code parts} are the fields, written already. */
  ProtoWriter parts(int field, Collection<byte[]> parts) {
    out.raw(field, parts);
    return this;
  }

  byte[] toBytes() {
    return out.toBytes();
  }
}
