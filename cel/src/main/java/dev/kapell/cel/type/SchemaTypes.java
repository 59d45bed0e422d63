package dev.kapell.cel.type;

import dev.cel.common.values.CelByteString;
import dev.kapell.cel.function.Times;
import dev.kapell.cel.type.ValueType.Adapter;
import dev.kapell.cel.type.ValueType.Kind;
import dev.kapell.cel.value.MapList;
import dev.kapell.cel.value.Values;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types from structural schemas (OpenAPI v3 with Kubernetes' extensions). */
public final class SchemaTypes {
  private static final long MAX_REQUEST_BYTES = 3L * 1024 * 1024;
  private static final long QUOTES = 2;
  private static final long BYTES_OF_A_CHARACTER = 4;
  private static final long DURATION_BYTES = 32;
  private static final long MIN_DURATION_BYTES = 3;
  private static final long DATE_BYTES = 12;
  private static final long MIN_TIME_BYTES = 21;
  private static final Map<String, Object> TEXT = Map.of("type", "string");

  private SchemaTypes() {}

  /**
   * The type of values of {@code schema}; empty when expressions cannot see them.
   *
   * @param schema the tree; not changed
   * @param name of the type, when it is an object
   * @param resource whether it is a whole object, with {@code metadata}
   */
  public static Optional<ValueType> of(Map<String, Object> schema, String name, boolean resource) {
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
      long size =
          schema.get("maxLength") instanceof Long max
              ? Math.max(0, max) * BYTES_OF_A_CHARACTER
              : MAX_REQUEST_BYTES - QUOTES;
      return Optional.of(ValueType.DYN.atMost(size));
    }
    boolean whole = resource || Boolean.TRUE.equals(schema.get("x-kubernetes-embedded-resource"));
    Object type = whole ? "object" : schema.get("type");
    if (!(type instanceof String text)) {
      return Optional.empty();
    }
    return switch (text) {
      case "boolean" -> Optional.of(ValueType.BOOL);
      case "integer" -> Optional.of(ValueType.INT);
      case "number" -> Optional.of(leaf(Kind.DOUBLE, 0, 1, SchemaTypes::real));
      case "string" -> Optional.of(text(schema));
      case "array" -> list(schema, name);
      case "object" -> object(schema, name, whole);
      default -> Optional.empty();
    };
  }

  private static ValueType leaf(Kind kind, long maxSize, long minBytes, @Nullable Adapter adapter) {
    return new ValueType(kind, "", null, Map.of(), maxSize, minBytes, adapter);
  }

  private static Object real(Object json) {
    return json instanceof Long number ? (Object) number.doubleValue() : json;
  }

  private static ValueType text(Map<String, Object> schema) {
    long declared = schema.get("maxLength") instanceof Long max ? Math.max(0, max) : -1;
    return switch (String.valueOf(schema.get("format"))) {
      case "byte" ->
          leaf(
              Kind.BYTES,
              declared >= 0 ? declared : MAX_REQUEST_BYTES - QUOTES,
              QUOTES,
              SchemaTypes::bytes);
      case "duration" ->
          leaf(Kind.DURATION, DURATION_BYTES, MIN_DURATION_BYTES, SchemaTypes::duration);
      case "date" -> leaf(Kind.TIMESTAMP, DATE_BYTES, DATE_BYTES, SchemaTypes::date);
      case "date-time" ->
          leaf(Kind.TIMESTAMP, DURATION_BYTES, MIN_TIME_BYTES, SchemaTypes::timestamp);
      default -> leaf(Kind.STRING, textSize(schema, declared), QUOTES, null);
    };
  }

  private static long textSize(Map<String, Object> schema, long declared) {
    if (declared >= 0) {
      return declared * BYTES_OF_A_CHARACTER;
    }
    if (schema.get("enum") instanceof List<?> values && !values.isEmpty()) {
      return values.stream()
          .filter(String.class::isInstance)
          .mapToLong(value -> ((String) value).length())
          .max()
          .orElse(0);
    }
    return MAX_REQUEST_BYTES - QUOTES;
  }

  // A text that is not in its format stays a text: the format is checked elsewhere, and an old
  // object may have it from before. Expressions that read it find no overload.

  private static Object bytes(Object json) {
    try {
      return json instanceof String text
          ? CelByteString.of(Base64.getDecoder().decode(text))
          : json;
    } catch (IllegalArgumentException e) {
      return json;
    }
  }

  private static Object duration(Object json) {
    return json instanceof String text
        ? Times.duration(text).<Object>map(d -> d).orElse(json)
        : json;
  }

  private static Object timestamp(Object json) {
    return json instanceof String text
        ? Times.timestamp(text).<Object>map(t -> t).orElse(json)
        : json;
  }

  private static Object date(Object json) {
    try {
      return json instanceof String text
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : json;
    } catch (DateTimeParseException e) {
      return json;
    }
  }

  private static Optional<ValueType> list(Map<String, Object> schema, String name) {
    return child(schema, "items")
        .flatMap(items -> of(items, name + ".@idx", false))
        .map(
            element -> {
              long size =
                  schema.get("maxItems") instanceof Long max
                      ? Math.max(0, max)
                      : (MAX_REQUEST_BYTES - 2) / (element.minBytes() + 1);
              return new ValueType(
                  Kind.LIST, "", element, Map.of(), size, 2, listAdapter(schema, element));
            });
  }

  private static @Nullable Adapter listAdapter(Map<String, Object> schema, ValueType element) {
    String listType = String.valueOf(schema.get("x-kubernetes-list-type"));
    boolean unordered = listType.equals("set") || listType.equals("map");
    if (!unordered && element.adapter() == null) {
      return null;
    }
    List<String> keys = new ArrayList<>();
    if (listType.equals("map") && schema.get("x-kubernetes-list-map-keys") instanceof List<?> all) {
      all.forEach(key -> keys.add(String.valueOf(key)));
    }
    return json -> {
      if (!(json instanceof List<?> list)) {
        return json;
      }
      List<Object> items = new ArrayList<>(list.size());
      list.forEach(item -> items.add(element.adapt(Values.of(item))));
      return unordered ? new MapList(items, keys) : items;
    };
  }

  private static Optional<ValueType> object(
      Map<String, Object> schema, String name, boolean resource) {
    Optional<Map<String, Object>> additional = child(schema, "additionalProperties");
    if (additional.isPresent()) {
      return of(additional.get(), name + ".@elem", false)
          .map(
              element -> {
                long size =
                    schema.get("maxProperties") instanceof Long max
                        ? Math.max(0, max)
                        : (MAX_REQUEST_BYTES - 2) / (element.minBytes() + 6);
                Adapter adapter =
                    element.adapter() == null ? null : json -> adaptValues(json, element);
                return new ValueType(Kind.MAP, "", element, Map.of(), size, 2, adapter);
              });
    }
    return Optional.of(fields(schema, name, resource));
  }

  private static Object adaptValues(Object json, ValueType element) {
    if (!(json instanceof Map<?, ?> map)) {
      return json;
    }
    Map<Object, Object> adapted = LinkedHashMap.newLinkedHashMap(map.size());
    map.forEach((key, value) -> adapted.put(key, element.adapt(Values.of(value))));
    return adapted;
  }

  private static ValueType fields(Map<String, Object> schema, String name, boolean resource) {
    Map<String, Object> properties =
        new LinkedHashMap<>(child(schema, "properties").orElse(Map.of()));
    if (resource) {
      properties.put("apiVersion", TEXT);
      properties.put("kind", TEXT);
      properties.put(
          "metadata",
          Map.of("type", "object", "properties", Map.of("name", TEXT, "generateName", TEXT)));
    }
    List<?> required = schema.get("required") instanceof List<?> list ? list : List.of();
    Map<String, ValueType> fields = new LinkedHashMap<>();
    Map<String, Adapter> adapters = new HashMap<>();
    long minBytes = 2;
    for (String field : properties.keySet()) {
      Map<String, Object> property = child(properties, field).orElse(Map.of());
      Optional<ValueType> type = of(property, name + "." + field, false);
      if (type.isPresent()) {
        FieldNames.escape(field).ifPresent(written -> fields.put(written, type.get()));
        Adapter adapter = type.get().adapter();
        if (adapter != null) {
          adapters.put(field, adapter);
        }
        if (required.contains(field) && !property.containsKey("default")) {
          minBytes += field.length() + type.get().minBytes() + 4;
        }
      }
    }
    Adapter adapter = adapters.isEmpty() ? null : json -> adaptFields(json, adapters);
    return new ValueType(Kind.OBJECT, name, null, fields, 0, minBytes, adapter);
  }

  private static Object adaptFields(Object json, Map<String, Adapter> adapters) {
    if (!(json instanceof Map<?, ?> map)) {
      return json;
    }
    Map<Object, Object> adapted = LinkedHashMap.newLinkedHashMap(map.size());
    map.forEach(
        (key, value) -> {
          Object plain = Values.of(value);
          Adapter adapter = adapters.get(key);
          adapted.put(key, adapter == null ? plain : adapter.adapt(plain));
        });
    return adapted;
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Optional<Map<String, Object>> child(Map<String, Object> schema, String field) {
    return schema.get(field) instanceof Map<?, ?> map
        ? Optional.of((Map<String, Object>) map)
        : Optional.empty();
  }
}
