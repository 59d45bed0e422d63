package dev.kapell.apiserver.registry;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The empty objects and nulls that Kubernetes writes where nothing is stated: {@code resources: {}}
 * of a container, {@code lastProbeTime: null} of a condition. Thread-safe.
 */
final class EmptyObjects {
  /** A field to look into; whether it is made when absent, and what then stands in it at least. */
  private record Place(
      String name, String type, FieldSchema.Form form, boolean always, Map<String, Object> zeros) {}

  private final Map<String, List<Place>> places = new ConcurrentHashMap<>();

  /** The places of a type, found when it is first asked for; none when it holds no such objects. */
  private List<Place> places(String type) {
    List<Place> known = places.get(type);
    return known == null ? look(type, new HashSet<>()) : known;
  }

  /**
   * Looks through a type and what is below it.
   *
   * @param open the types that are being looked through: one that holds itself is met again
   */
  private List<Place> look(String type, Set<String> open) {
    open.add(type);
    List<Place> found = new ArrayList<>();
    Map<String, FieldSchema> fields = Schema.type(type).map(TypeSchema::fields).orElse(Map.of());
    fields.forEach(
        (name, field) -> {
          String inner = field.isReference() ? field.reference() : "";
          if (field.always() || holds(inner, open)) {
            found.add(new Place(name, inner, field.form(), field.always(), zeros(field, inner)));
          }
        });
    open.remove(type);
    places.put(type, List.copyOf(found));
    return found;
  }

  /**
   * Whether there is such an object in {@code type} or below it; taken for granted of open ones.
   */
  private boolean holds(String type, Set<String> open) {
    if (type.isEmpty()) {
      return false;
    }
    List<Place> known = places.get(type);
    return open.contains(type) || !(known == null ? look(type, open) : known).isEmpty();
  }

  /** Puts them into {@code object}, which is of {@code type}. */
  void fill(Map<String, Object> object, String type) {
    for (Place place : places(type)) {
      if (place.always()) {
        make(object, place);
      }
      Object value = object.get(place.name());
      switch (place.form()) {
        case SINGLE -> fillValue(value, place.type());
        case LIST -> {
          if (value instanceof List<?> list) {
            list.forEach(item -> fillValue(item, place.type()));
          }
        }
        case MAP -> {
          if (value instanceof Map<?, ?> map) {
            map.values().forEach(item -> fillValue(item, place.type()));
          }
        }
      }
    }
  }

  private static void make(Map<String, Object> object, Place place) {
    if (place.type().isEmpty()) {
      if (object.get(place.name()) == null) {
        putNull(object, place.name());
        object.putAll(place.zeros());
      }
      return;
    }
    if (object.get(place.name()) == null) {
      object.put(place.name(), new LinkedHashMap<String, Object>());
    }
    if (!place.zeros().isEmpty() && object.get(place.name()) instanceof Map<?, ?> inner) {
      place.zeros().forEach(castTree(inner)::putIfAbsent);
    }
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> castTree(Map<?, ?> tree) {
    return (Map<String, Object>) tree;
  }

  private void fillValue(@Nullable Object value, String type) {
    if (value instanceof Map<?, ?> map) {
      fill(castTree(map), type);
    }
  }

  /**
   * An object of {@code type} in which nothing is stated: these objects, zeros, and null for lists
   * and maps that are always written.
   */
  Map<String, Object> empty(String type) {
    Map<String, Object> object = new LinkedHashMap<>();
    Schema.type(type)
        .ifPresent(
            schema ->
                schema
                    .fields()
                    .forEach(
                        (name, field) -> {
                          if (field.always() && field.isReference()) {
                            object.put(name, empty(field.reference()));
                          } else if (field.required() || field.always()) {
                            putNull(object, name);
                            zeroScalar(object, name, field);
                          }
                        }));
    return object;
  }

  /** The scalars that are always written in an object of {@code type}, or the place itself. */
  private static Map<String, Object> zeros(FieldSchema place, String type) {
    Map<String, Object> zeros = new LinkedHashMap<>();
    if (type.isEmpty()) {
      zeroScalar(zeros, place.name(), place);
    } else if (place.always()) {
      Map<String, FieldSchema> fields = Schema.type(type).map(TypeSchema::fields).orElse(Map.of());
      fields.forEach(
          (name, field) -> {
            if (field.required()) {
              zeroScalar(zeros, name, field);
            }
          });
    }
    return zeros;
  }

  private static void zeroScalar(Map<String, Object> object, String name, FieldSchema field) {
    if (field.form() != FieldSchema.Form.SINGLE) {
      return;
    }
    switch (field.element()) {
      case "string" -> object.put(name, "");
      case "int32", "int64" -> object.put(name, 0L);
      case "bool" -> object.put(name, false);
      default -> {
        // Of other types nothing stands for nothing.
      }
    }
  }

  @SuppressWarnings("NullAway") // JSON null
  private static void putNull(Map<String, Object> object, String name) {
    object.put(name, null);
  }
}
