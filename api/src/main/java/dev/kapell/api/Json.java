package dev.kapell.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Any JSON value, kept as compact text. Immutable; equal when the trees are equal. */
public final class Json {
  private final byte[] text;

  private Json(byte[] text) {
    this.text = text;
  }

  /** The value of a tree (maps, lists, strings, numbers, truths, null). */
  public static Json of(@Nullable Object tree) {
    return new Json(JsonCodec.writeTree(tree));
  }

  /** The value that {@code text} holds. {@link DecodeException} when it is no JSON. */
  public static Json parse(byte[] text) {
    return of(JsonCodec.readTree(text));
  }

  /** The value that stands in {@code text} from one place to another, which is compact. */
  static Json ofText(byte[] text, int from, int to) {
    return new Json(Arrays.copyOfRange(text, from, to));
  }

  /** A new mutable tree of this value. */
  public @Nullable Object tree() {
    return JsonCodec.readOwnTree(text);
  }

  /** The very text, for those who do not change it. */
  byte[] text() {
    return text;
  }

  /** The text as UTF-8. */
  public byte[] toArray() {
    return text.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Json that
        && (Arrays.equals(text, that.text) || Objects.equals(tree(), that.tree()));
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(tree());
  }

  /** The text. */
  @Override
  public String toString() {
    return new String(text, StandardCharsets.UTF_8);
  }
}
