package dev.kapell.api.judge;

import dev.kapell.api.Bytes;
import dev.kapell.api.Codec;
import dev.kapell.api.IntOrString;
import dev.kapell.api.Json;
import dev.kapell.api.apiextensions.v1.JSONSchemaProps;
import dev.kapell.api.json.JsonCodec;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes seeded random records. What the published client calls required is always there; the rest may be absent. */
final class RandomRecords {
  private static final int MAX_DEPTH = 5;
  private static final List<String> WORDS =
      List.of("web", "a-b.c", "Grüße", "line\nbreak \"quoted\" \\", "日本 \uD83D\uDE00", "x", "tab\t<&>\u0001", "0");

  private final SplittableRandom random;

  RandomRecords(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The class of a type, for instance of {@code core.v1.Pod}. */
  static Class<?> classOf(String type) throws ClassNotFoundException {
    return Class.forName("dev.kapell.api." + type);
  }

  /** The codec of a record class. */
  @SuppressWarnings("unchecked") // every generated record has a codec of itself
  static Codec<Object> codecOf(Class<?> type) throws ReflectiveOperationException {
    return (Codec<Object>) type.getField("CODEC").get(null);
  }

  /** A record of {@code type}. */
  Object next(Class<?> type) throws ReflectiveOperationException {
    return record(type, 0);
  }

  private Object record(Class<?> type, int depth) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Optional<TypeSchema> schema = Schema.type(type.getName().substring("dev.kapell.api.".length()));
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = bare(components[i].getName());
      boolean required =
          schema.stream()
              .flatMap(s -> s.fields().values().stream())
              .anyMatch(f -> f.required() && bare(f.name()).equals(name));
      values[i] = component(type, components[i], required, depth);
    }
    Constructor<?> constructor =
        type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    return constructor.newInstance(values);
  }

  private static String bare(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(java.util.Locale.ROOT);
  }

  private @Nullable Object component(Class<?> owner, RecordComponent component, boolean required, int depth)
      throws ReflectiveOperationException {
    Class<?> type = component.getType();
    boolean present = required || random.nextInt(100) < (depth < 2 ? 80 : 40);
    if (type == List.class) {
      return present ? list(owner, component, depth) : List.of();
    }
    if (type == Map.class) {
      return present ? map(owner, component, depth) : Map.of();
    }
    if (!present || (type.isRecord() && depth >= MAX_DEPTH && !required)) {
      return type.isRecord() && isNeverNull(component.getName()) ? type.getField("EMPTY").get(null) : null;
    }
    return value(owner, component.getName(), component.getGenericType(), depth);
  }

  private static boolean isNeverNull(String name) {
    return List.of("metadata", "spec", "status", "template").contains(name);
  }

  private List<Object> list(Class<?> owner, RecordComponent component, int depth) throws ReflectiveOperationException {
    Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    List<Object> items = new ArrayList<>();
    int size = 1 + random.nextInt(2);
    for (int i = 0; i < size && !tooDeep(element, depth); i++) {
      items.add(value(owner, component.getName(), element, depth));
    }
    return items;
  }

  private Map<String, Object> map(Class<?> owner, RecordComponent component, int depth) throws ReflectiveOperationException {
    Type element = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < 2 && !tooDeep(element, depth); i++) {
      members.put("key" + i, value(owner, component.getName(), element, depth));
    }
    return members;
  }

  private static boolean tooDeep(Type element, int depth) {
    return element instanceof Class<?> c && c.isRecord() && depth >= MAX_DEPTH;
  }

  private Object value(Class<?> owner, String name, Type type, int depth) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType) {
      return List.of(word(), word());
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isRecord()) {
      return record(raw, depth + 1);
    }
    return switch (raw.getSimpleName()) {
      case "String" -> word();
      case "Boolean" -> random.nextBoolean();
      case "Integer" -> random.nextInt();
      case "Long" -> random.nextLong();
      case "Double" -> random.nextInt(1000) / 8.0;
      case "Instant" -> instant(name);
      case "Quantity" -> Quantity.parse(List.of("100m", "1", "2Gi", "1536Mi", "3500m", "12k", "5n", "1e3", "0").get(random.nextInt(9)));
      case "IntOrString" -> random.nextBoolean() ? IntOrString.of(random.nextInt(65536)) : IntOrString.of("25%");
      case "Bytes" -> Bytes.ofUtf8(word());
      case "Json" -> json(owner, name, depth);
      default -> throw new IllegalStateException("no random " + type);
    };
  }

  private Json json(Class<?> owner, String name, int depth) throws ReflectiveOperationException {
    boolean inSchema = owner == JSONSchemaProps.class;
    return switch (inSchema ? name : "") {
      case "additionalItems", "additionalProperties" -> depth > 2 || random.nextBoolean() ? Json.of(random.nextBoolean()) : schema(depth);
      case "items" -> depth > 2 ? schema(MAX_DEPTH) : schema(depth);
      case "dependencies" -> Json.of(List.of(word(), word()));
      default -> isEmptyMessage(owner, name) ? Json.of(Map.of()) : Json.of(Map.of("a", word(), "b", List.of(0.5, true, word())));
    };
  }

  /** Types without fields of their own are an object that may only be there or not. */
  private static boolean isEmptyMessage(Class<?> owner, String name) {
    return (owner.getSimpleName().equals("CustomResourceSubresources") && name.equals("status"))
        || (owner.getSimpleName().equals("StorageVersion") && name.equals("spec"))
        || name.equals("basic");
  }

  private Json schema(int depth) throws ReflectiveOperationException {
    return Json.of(JsonCodec.toTree(codecOf(JSONSchemaProps.class), record(JSONSchemaProps.class, Math.max(depth + 1, 3))));
  }

  private Instant instant(String name) {
    Instant seconds = Instant.ofEpochSecond(1_600_000_000L + random.nextInt(400_000_000));
    boolean micro = List.of("eventTime", "lastObservedTime", "acquireTime", "renewTime", "pingTime").contains(name);
    return micro ? seconds.plusNanos(random.nextInt(1_000_000) * 1000L) : seconds;
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }
}
