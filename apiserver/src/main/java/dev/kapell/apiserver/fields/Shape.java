package dev.kapell.apiserver.fields;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What ownership has to know of a value: whether it is one piece, and what its parts are called.
 */
public sealed interface Shape {
  /**
   * One piece, owned as a whole: a scalar, or an atomic list or map.
   *
   * @param type what may stand there
   */
  record Leaf(Type type) implements Shape {
    /** Anything, as one piece. */
    static final Leaf ANYTHING = new Leaf(Type.ANY);
  }

  /** What may stand in a {@link Leaf}. */
  enum Type {
    /** A text. */
    STRING("string"),
    /** A number. */
    NUMBER("numeric (int or float)"),
    /** A truth value. */
    BOOLEAN("boolean"),
    /** A list. */
    LIST("list"),
    /** A map. */
    MAP("map"),
    /** Anything. */
    ANY("anything");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** An object or a map, owned field by field. */
  final class Fields implements Shape {
    private final Map<String, Shape> named;
    private final Optional<Shape> others;

    /**
     * Of {@code named} fields, and entries of any other name where there are {@code others}. The
     * map is not copied: shapes that contain themselves are filled after they were made.
     */
    Fields(Map<String, Shape> named, Optional<Shape> others) {
      this.named = named;
      this.others = others;
    }

    Optional<Shape> field(String name) {
      Shape field = named.get(name);
      return field == null ? others : Optional.of(field);
    }

    Map<String, Shape> named() {
      return named;
    }
  }

  /**
   * A list, owned element by element.
   *
   * @param keys the fields that tell elements apart; empty when each is a scalar that stands for
   *     itself
   * @param keyDefaults what a key is where it is absent
   * @param element of each
   */
  record Elements(List<String> keys, Map<String, Object> keyDefaults, Shape element)
      implements Shape {
    /** The step to {@code item}; empty when it has no key. */
    Optional<Step> step(@Nullable Object item) {
      if (keys.isEmpty()) {
        return item == null || item instanceof Map || item instanceof List
            ? Optional.empty()
            : Optional.of(Step.value(item));
      }
      if (!(item instanceof Map<?, ?> map)) {
        return Optional.empty();
      }
      Map<String, @Nullable Object> values = LinkedHashMap.newLinkedHashMap(keys.size());
      for (String key : keys) {
        if (map.containsKey(key)) {
          values.put(key, map.get(key));
        } else if (keyDefaults.containsKey(key)) {
          values.put(key, keyDefaults.get(key));
        }
      }
      return values.isEmpty() ? Optional.empty() : Optional.of(Step.key(values));
    }
  }

  /** Whatever stands there: objects field by field, everything else as one piece. */
  record Free() implements Shape {
    /** The only one. */
    static final Free FREE = new Free();
  }

  /** The shape below {@code step}; {@link Free} where nothing is known. */
  default Shape below(Step step) {
    return switch (this) {
      case Fields fields ->
          step.isField() ? fields.field(step.name()).orElse(Free.FREE) : Free.FREE;
      case Elements elements -> elements.element();
      case Leaf leaf -> Free.FREE;
      case Free free -> Free.FREE;
    };
  }

  /** Whether {@code field} is declared, not one entry of a map. */
  default boolean isNamed(String field) {
    return this instanceof Fields fields && fields.named.containsKey(field);
  }

  /** What {@code value} is, where the shape leaves it open. */
  default Shape of(@Nullable Object value) {
    return switch (this) {
      case Free free ->
          value instanceof Map ? new Fields(Map.of(), Optional.of(Free.FREE)) : Leaf.ANYTHING;
      case Fields fields when isScalar(value) -> Leaf.ANYTHING;
      case Elements elements when isScalar(value) || value instanceof Map -> Leaf.ANYTHING;
      default -> this;
    };
  }

  private static boolean isScalar(@Nullable Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }
}
