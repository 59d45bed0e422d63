package dev.kapell.apiserver.openapi;

import dev.kapell.api.JsonCodec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/** A v2 document as JSON. */
final class SwaggerJson implements Swagger.Form {
  @Override
  public byte[] path(String path, Map<String, Object> item) {
    return member(path, item);
  }

  @Override
  public byte[] definition(String name, Map<String, Object> schema) {
    return member(name, schema);
  }

  /** A name with its value, as it stands between the braces of an object. */
  private static byte[] member(String name, Map<String, Object> value) {
    byte[] object = JsonCodec.writeTree(Map.of(name, value));
    return Arrays.copyOfRange(object, 1, object.length - 1);
  }

  @Override
  public byte[] document(
      Map<String, Object> info, Collection<byte[]> paths, Collection<byte[]> definitions) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(size(paths) + size(definitions));
    out.writeBytes(text("{\"swagger\":\"2.0\",\"info\":"));
    out.writeBytes(JsonCodec.writeTree(info));
    object("paths", paths, out);
    object("definitions", definitions, out);
    out.write('}');
    return out.toByteArray();
  }

  private static void object(String name, Collection<byte[]> members, ByteArrayOutputStream out) {
    out.writeBytes(text(",\"" + name + "\":{"));
    boolean first = true;
    for (byte[] member : members) {
      if (!first) {
        out.write(',');
      }
      out.writeBytes(member);
      first = false;
    }
    out.write('}');
  }

  private static int size(Collection<byte[]> members) {
    int around = 256;
    return members.stream().mapToInt(member -> member.length + 1).sum() + around;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
