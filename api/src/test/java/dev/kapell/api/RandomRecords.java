package dev.kapell.api;

import dev.kapell.api.resource.Quantity;
import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Any generated record with random content, the same for the same seed. Uses reflection, which the
 * product does not.
 */
final class RandomRecords {
  private static final int MAX_DEPTH = 5;

  private final SplittableRandom random;

  private final Set<String> leftOut;

  /** With the same content for the same seed; components named in {@code leftOut} stay empty. */
  RandomRecords(long seed, Set<String> leftOut) {
    this.random = new SplittableRandom(seed);
    this.leftOut = leftOut;
  }

  /** A record of {@code type}. */
  Object record(Class<?> type) {
    Object made = value(type, type.getSimpleName(), 0);
    if (made == null) {
      throw new AssertionError("no " + type);
    }
    return made;
  }

  private @Nullable Object value(Type type, String name, int depth) {
    if (type instanceof ParameterizedType generic) {
      return collection(generic, name, depth);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return text();
    }
    if (plain == Integer.class) {
      return random.nextInt() | 1;
    }
    if (plain == Long.class) {
      return random.nextLong() >> random.nextInt(60) | 1;
    }
    if (plain == Boolean.class) {
      return random.nextBoolean();
    }
    if (plain == Double.class) {
      return random.nextInt(1000) / 8.0;
    }
    if (plain == Instant.class) {
      boolean micro =
          List.of("eventTime", "lastObservedTime", "acquireTime", "renewTime").contains(name);
      return Instant.ofEpochSecond(
          1 + random.nextLong(2_000_000_000L), micro ? random.nextInt(1_000_000) * 1000L : 0);
    }
    if (plain == Quantity.class) {
      return Quantity.parse(
          random.nextInt(1, 5000) + List.of("m", "", "Ki", "Gi", "k").get(random.nextInt(5)));
    }
    if (plain == IntOrString.class) {
      return random.nextBoolean() ? IntOrString.of(random.nextInt()) : IntOrString.of(text());
    }
    if (plain == Bytes.class) {
      return Bytes.ofUtf8(text());
    }
    if (plain == Json.class) {
      return json(name);
    }
    return nested(plain, depth);
  }

  /** Places with a narrower form than any JSON: where a schema may stand. */
  private Json json(String name) {
    return switch (name) {
      case "items", "additionalItems", "additionalProperties", "dependencies" ->
          Json.of(Map.of("type", text()));
      default -> Json.of(new LinkedHashMap<>(Map.of(text(), text())));
    };
  }

  private Object collection(ParameterizedType generic, String name, int depth) {
    int size = depth >= MAX_DEPTH ? 0 : random.nextInt(3);
    Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
    if (generic.getRawType() == List.class) {
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        items.add(java.util.Objects.requireNonNull(value(element, name, depth + 1)));
      }
      return items;
    }
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      members.put(text(), java.util.Objects.requireNonNull(value(element, name, depth + 1)));
    }
    return members;
  }

  private @Nullable Object nested(Class<?> type, int depth) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      boolean deep = depth >= MAX_DEPTH && types[i].isRecord();
      boolean left = leftOut.contains(components[i].getName());
      boolean empty =
          left
              || (!is(FieldSchema::required, type, components[i])
                  && (deep || random.nextInt(4) == 0));
      values[i] =
          empty
              ? absent(components[i])
              : value(components[i].getGenericType(), components[i].getName(), depth + 1);
      if (Boolean.FALSE.equals(values[i]) && !is(FieldSchema::keepsZero, type, components[i])) {
        values[i] = true;
      }
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      throw new AssertionError("cannot make " + type, cause);
    }
  }

  /**
   * What the schema says of a component; what it calls required, the published client wants to see.
   */
  private static boolean is(Predicate<FieldSchema> said, Class<?> type, RecordComponent component) {
    String name = type.getName().substring("dev.kapell.api.".length());
    return Schema.type(name).stream()
        .flatMap(schema -> schema.fields().values().stream())
        .filter(field -> bare(field.name()).equals(bare(component.getName())))
        .anyMatch(said);
  }

  private static String bare(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  /**
   * What stands for a field that is not there: an empty collection, an empty record where null
   * cannot be, else null.
   */
  private static @Nullable Object absent(RecordComponent component) {
    if (component.getType() == List.class) {
      return List.of();
    }
    if (component.getType() == Map.class) {
      return Map.of();
    }
    boolean emptyable =
        List.of("metadata", "spec", "status", "template").contains(component.getName());
    if (emptyable && component.getType().isRecord()) {
      try {
        return component.getType().getField("EMPTY").get(null);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(component + " has no EMPTY", e);
      }
    }
    return null;
  }

  private String text() {
    String letters = "abcdefghijklmnopqrstuvwxyz0123456789-./ \"\\\n\u00e9\u4e2d\ud83c\udfbb";
    StringBuilder text = new StringBuilder("t");
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(letters.length() - 1);
      text.append(
          Character.isSurrogate(letters.charAt(at))
              ? "\ud83c\udfbb"
              : String.valueOf(letters.charAt(at)));
    }
    return text.toString();
  }
}
