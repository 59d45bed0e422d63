package dev.kapell.apiserver.registry;

import dev.kapell.api.JsonCodec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON text from and to the trees of one request. */
public final class Wire {
  private Wire() {}

  /** Bytes with room for a revision at {@code stampAt}. */
  record Encoded(byte[] bytes, int stampAt) {}

  /** A stored object as a tree of the caller's own. */
  public static Map<String, Object> parse(byte[] json) {
    return object(JsonCodec.readOwnTree(json));
  }

  /** An object that somebody else wrote as a tree of the caller's own. */
  public static Map<String, Object> parseForeign(byte[] json) {
    return object(JsonCodec.readTree(json));
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> object(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new IllegalStateException("the value is not a JSON object");
  }

  /** Any JSON value. */
  static @Nullable Object value(byte[] json) {
    return JsonCodec.readTree(json);
  }

  /** A tree as it is. */
  public static byte[] plain(Map<String, Object> tree) {
    return JsonCodec.writeTree(tree);
  }

  static Encoded stamped(Map<String, Object> tree) {
    JsonCodec.Stamped stamped = JsonCodec.encodeStamped(tree);
    return new Encoded(stamped.bytes(), stamped.stampAt());
  }
}
