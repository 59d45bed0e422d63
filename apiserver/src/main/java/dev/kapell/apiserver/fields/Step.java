package dev.kapell.apiserver.fields;

import dev.kapell.api.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One step into an object, in the text of {@code FieldsV1}: {@code f:name} for a field, {@code
 * k:{…}} for an element of a keyed list, {@code v:…} for a member of a set. Immutable; ordered as
 * Kubernetes writes them.
 */
public final class Step implements Comparable<Step> {
  private static final String ORDER = "fkvi";

  private final String text;

  /** What {@link #text} says behind its colon, read when it is first compared; not of fields. */
  private volatile @Nullable Content content;

  /** A JSON value, which may be null. */
  private record Content(@Nullable Object value) {}

  private Step(String text, @Nullable Content content) {
    this.text = text;
    this.content = content;
  }

  /** The field of that name. */
  public static Step field(String name) {
    return new Step("f:" + name, null);
  }

  /** The element with these keys. */
  static Step key(Map<String, @Nullable Object> keys) {
    Map<String, @Nullable Object> ordered = keys.size() > 1 ? new TreeMap<>(keys) : keys;
    return new Step("k:" + json(ordered), new Content(ordered));
  }

  /** The member of a set. */
  static Step value(@Nullable Object member) {
    return new Step("v:" + json(member), new Content(member));
  }

  /** A step of {@code FieldsV1}; empty for one of a kind that is not known here. */
  static Optional<Step> parse(String text) {
    boolean known =
        text.length() > 1 && text.charAt(1) == ':' && ORDER.indexOf(text.charAt(0)) >= 0;
    return known ? Optional.of(new Step(text, null)) : Optional.empty();
  }

  private static String json(@Nullable Object value) {
    return new String(JsonCodec.writeTree(value), StandardCharsets.UTF_8);
  }

  /** The form in {@code FieldsV1}. */
  String text() {
    return text;
  }

  boolean isField() {
    return text.charAt(0) == 'f';
  }

  /** The name of a field. */
  String name() {
    return text.substring(2);
  }

  /** As messages name it: {@code .name}, {@code [key="value"]}, {@code [="member"]}. */
  String describe() {
    if (isField()) {
      return "." + name();
    }
    Object content = content();
    if (text.charAt(0) == 'k' && content instanceof Map<?, ?> keys) {
      StringBuilder all = new StringBuilder();
      keys.forEach(
          (key, value) ->
              all.append(all.isEmpty() ? "" : ",").append(key).append('=').append(json(value)));
      return "[" + all + "]";
    }
    return text.charAt(0) == 'v' ? "[=" + json(content) + "]" : "[" + name() + "]";
  }

  private @Nullable Object content() {
    Content known = content;
    if (known == null) {
      known = new Content(JsonCodec.readTree(name().getBytes(StandardCharsets.UTF_8)));
      content = known;
    }
    return known.value();
  }

  @Override
  public int compareTo(Step other) {
    char kind = text.charAt(0);
    if (kind != other.text.charAt(0)) {
      return Integer.compare(ORDER.indexOf(kind), ORDER.indexOf(other.text.charAt(0)));
    }
    if (kind == 'f' || text.equals(other.text)) {
      return text.compareTo(other.text);
    }
    int byContent = compare(content(), other.content());
    return byContent == 0 ? text.compareTo(other.text) : byContent;
  }

  /** Numbers come before texts, texts before truths, and so on; keys by name, then value. */
  private static int compare(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number first && other instanceof Number second) {
      return Double.compare(first.doubleValue(), second.doubleValue());
    }
    if (one instanceof String first && other instanceof String second) {
      return first.compareTo(second);
    }
    if (one instanceof Boolean first && other instanceof Boolean second) {
      return first.compareTo(second);
    }
    if (one instanceof Map<?, ?> first && other instanceof Map<?, ?> second) {
      return compareKeys(first, second);
    }
    return Integer.compare(rank(one), rank(other));
  }

  private static int compareKeys(Map<?, ?> one, Map<?, ?> other) {
    Iterator<? extends Map.Entry<?, ?>> others = other.entrySet().iterator();
    for (Map.Entry<?, ?> first : one.entrySet()) {
      if (!others.hasNext()) {
        return 1;
      }
      Map.Entry<?, ?> second = others.next();
      int byName = String.valueOf(first.getKey()).compareTo(String.valueOf(second.getKey()));
      int order = byName == 0 ? compare(first.getValue(), second.getValue()) : byName;
      if (order != 0) {
        return order;
      }
    }
    return others.hasNext() ? -1 : 0;
  }

  private static int rank(@Nullable Object value) {
    return switch (value) {
      case Number number -> 0;
      case String string -> 1;
      case Boolean flag -> 2;
      case null -> 4;
      default -> 3;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Step that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
