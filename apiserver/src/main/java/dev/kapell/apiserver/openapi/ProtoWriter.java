package dev.kapell.apiserver.openapi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A protobuf message in the making. */
final class ProtoWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtoWriter text(int field, Object value) {
    return bytes(field, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
  }

  ProtoWriter flag(int field, boolean value) {
    if (value) {
      varint((long) field << 3);
      varint(1);
    }
    return this;
  }

  ProtoWriter message(int field, ProtoWriter message) {
    return bytes(field, message.out.toByteArray());
  }

  private ProtoWriter bytes(int field, byte[] bytes) {
    varint(((long) field << 3) | 2);
    varint(bytes.length);
    out.write(bytes, 0, bytes.length);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
