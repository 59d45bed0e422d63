package dev.kapell.apiserver.registry;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.apiserver.request.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sets of fields in the form of {@code FieldsV1}: {@code f:name} for a field, {@code k:{…}} for an
 * element of a keyed list, {@code v:…} for an element of a set. Works on trees; atomic lists are
 * leaves.
 */
final class OwnedFields {
  private OwnedFields() {}

  /** The schema's name of a kind; empty for a custom one, whose lists are atomic. */
  static String type(Resource resource) {
    return Schema.kind(resource.apiVersion(), resource.kind()).map(type -> type.name()).orElse("");
  }

  /** Every field that {@code tree} states, but for what identifies the object. */
  static Map<String, Object> of(Map<String, Object> tree, String type) {
    Map<String, Object> fields = collect(tree, type);
    fields.remove("f:apiVersion");
    fields.remove("f:kind");
    if (fields.get("f:metadata") instanceof Map<?, ?> metadata) {
      for (String identity :
          List.of(
              "name",
              "namespace",
              "generateName",
              "uid",
              "resourceVersion",
              "creationTimestamp",
              "generation",
              "managedFields")) {
        metadata.remove("f:" + identity);
      }
      if (metadata.isEmpty()) {
        fields.remove("f:metadata");
      }
    }
    return fields;
  }

  private static Map<String, Object> collect(Map<String, Object> tree, String type) {
    Map<String, Object> fields = new LinkedHashMap<>();
    tree.forEach(
        (name, value) -> {
          Optional<FieldSchema> field = field(type, name);
          Map<String, Object> inner = new LinkedHashMap<>();
          if (value instanceof Map<?, ?> map && !isAtomic(field)) {
            inner = collect(cast(map), elementType(field));
          } else if (value instanceof List<?> list && isKeyed(field)) {
            for (Object item : list) {
              if (item instanceof Map<?, ?> element) {
                Map<String, Object> owned = collect(cast(element), elementType(field));
                owned.put(".", new LinkedHashMap<>());
                inner.put(key(cast(element), field.orElseThrow()), owned);
              }
            }
          } else if (value instanceof List<?> list && isSet(field)) {
            list.forEach(item -> inner(fields, name).put("v:" + json(item), new LinkedHashMap<>()));
            return;
          }
          fields.put("f:" + name, inner);
        });
    return fields;
  }

  private static Map<String, Object> inner(Map<String, Object> fields, String name) {
    return cast((Map<?, ?>) fields.computeIfAbsent("f:" + name, absent -> new LinkedHashMap<>()));
  }

  /** The leaves of {@code fields} that {@code other} does not have. */
  static Map<String, Object> without(Map<String, Object> fields, Map<String, Object> other) {
    Map<String, Object> left = new LinkedHashMap<>();
    fields.forEach(
        (step, value) -> {
          Map<String, Object> inner = cast((Map<?, ?>) value);
          if (!(other.get(step) instanceof Map<?, ?> match)) {
            left.put(step, inner);
          } else if (!inner.isEmpty()) {
            Map<String, Object> rest = without(inner, cast(match));
            if (!rest.isEmpty()) {
              left.put(step, rest);
            }
          }
        });
    return left;
  }

  /** Takes {@code fields} out of {@code tree}. */
  static void remove(Map<String, Object> tree, Map<String, Object> fields, String type) {
    fields.forEach(
        (step, value) -> {
          if (!step.startsWith("f:")) {
            return;
          }
          String name = step.substring(2);
          Map<String, Object> inner = cast((Map<?, ?>) value);
          Optional<FieldSchema> field = field(type, name);
          Object present = tree.get(name);
          if (inner.isEmpty()) {
            tree.remove(name);
          } else if (present instanceof Map<?, ?> map) {
            remove(cast(map), inner, elementType(field));
          } else if (present instanceof List<?> list) {
            tree.put(name, removeFromList(list, inner, field));
          }
        });
  }

  private static List<Object> removeFromList(
      List<?> list, Map<String, Object> fields, Optional<FieldSchema> field) {
    List<Object> left = new ArrayList<>();
    for (Object item : list) {
      String step =
          item instanceof Map<?, ?> element && isKeyed(field)
              ? key(cast(element), field.orElseThrow())
              : "v:" + json(item);
      if (!(fields.get(step) instanceof Map<?, ?> owned)) {
        left.add(item);
      } else if (!owned.containsKey(".") && item instanceof Map<?, ?> element) {
        remove(cast(element), cast(owned), elementType(field));
        left.add(item);
      }
    }
    return left;
  }

  /** Puts what {@code stated} says into {@code tree}; keyed lists element by element. */
  static void merge(Map<String, Object> tree, Map<String, Object> stated, String type) {
    stated.forEach(
        (name, value) -> {
          Optional<FieldSchema> field = field(type, name);
          Object present = tree.get(name);
          if (value instanceof Map<?, ?> map
              && present instanceof Map<?, ?> into
              && !isAtomic(field)) {
            merge(cast(into), cast(map), elementType(field));
          } else if (value instanceof List<?> list
              && present instanceof List<?> into
              && isKeyed(field)) {
            tree.put(name, mergeKeyed(into, list, field.orElseThrow()));
          } else if (value instanceof List<?> list
              && present instanceof List<?> into
              && isSet(field)) {
            List<Object> union = new ArrayList<>(into);
            list.stream().filter(item -> !into.contains(item)).forEach(union::add);
            tree.put(name, union);
          } else {
            tree.put(name, value);
          }
        });
  }

  private static List<Object> mergeKeyed(List<?> into, List<?> list, FieldSchema field) {
    List<Object> result = new ArrayList<>(into);
    for (Object item : list) {
      Map<String, Object> element = cast((Map<?, ?>) item);
      String wanted = key(element, field);
      Optional<Map<String, Object>> match =
          result.stream()
              .filter(Map.class::isInstance)
              .map(each -> cast((Map<?, ?>) each))
              .filter(each -> key(each, field).equals(wanted))
              .findFirst();
      if (match.isPresent()) {
        merge(match.get(), element, elementType(Optional.of(field)));
      } else {
        result.add(item);
      }
    }
    return result;
  }

  /** The paths that {@code owned} covers too and where the two trees differ. */
  static List<String> differing(
      Map<String, Object> now,
      Map<String, Object> stated,
      Map<String, Object> fields,
      Map<String, Object> owned,
      String type) {
    List<String> paths = new ArrayList<>();
    differing(now, stated, fields, owned, new Spot("", type), paths);
    return paths;
  }

  private record Spot(String path, String type) {}

  private static void differing(
      @Nullable Object now,
      @Nullable Object stated,
      Map<String, Object> fields,
      Map<String, Object> owned,
      Spot spot,
      List<String> paths) {
    fields.forEach(
        (step, value) -> {
          if (!step.startsWith("f:") || !(owned.get(step) instanceof Map<?, ?> theirs)) {
            return;
          }
          String name = step.substring(2);
          Object before = now instanceof Map<?, ?> map ? map.get(name) : null;
          Object after = stated instanceof Map<?, ?> map ? map.get(name) : null;
          Map<String, Object> inner = cast((Map<?, ?>) value);
          Optional<FieldSchema> field = field(spot.type(), name);
          Spot next = new Spot(spot.path() + "." + name, elementType(field));
          if (inner.isEmpty()) {
            if (before != null && !before.equals(after)) {
              paths.add(next.path());
            }
          } else if (before instanceof List<?> list && after instanceof List<?> wanted) {
            differingItems(list, wanted, inner, cast(theirs), field, next, paths);
          } else {
            differing(before, after, inner, cast(theirs), next, paths);
          }
        });
  }

  private static void differingItems(
      List<?> now,
      List<?> stated,
      Map<String, Object> fields,
      Map<String, Object> owned,
      Optional<FieldSchema> field,
      Spot spot,
      List<String> paths) {
    if (!isKeyed(field)) {
      return;
    }
    fields.forEach(
        (step, value) -> {
          if (owned.get(step) instanceof Map<?, ?> theirs) {
            Predicate<Object> match =
                item ->
                    item instanceof Map<?, ?> map
                        && key(cast(map), field.orElseThrow()).equals(step);
            Object before =
                now.stream().map(Object.class::cast).filter(match).findFirst().orElse(Map.of());
            Object after =
                stated.stream().map(Object.class::cast).filter(match).findFirst().orElse(Map.of());
            Spot item = new Spot(spot.path() + "[" + step.substring(2) + "]", spot.type());
            differing(before, after, cast((Map<?, ?>) value), cast(theirs), item, paths);
          }
        });
  }

  private static Optional<FieldSchema> field(String type, String name) {
    return Schema.type(type).map(found -> found.fields().get(name));
  }

  private static String elementType(Optional<FieldSchema> field) {
    return field.filter(FieldSchema::isReference).map(FieldSchema::reference).orElse("");
  }

  private static boolean isKeyed(Optional<FieldSchema> field) {
    return field.filter(f -> f.listType().equals("map")).isPresent();
  }

  private static boolean isSet(Optional<FieldSchema> field) {
    return field.filter(f -> f.listType().equals("set")).isPresent();
  }

  private static boolean isAtomic(Optional<FieldSchema> field) {
    return field.filter(f -> f.listType().equals("atomic")).isPresent();
  }

  private static String key(Map<String, Object> element, FieldSchema field) {
    Map<String, Object> keys = new LinkedHashMap<>();
    for (String name : field.listKeys()) {
      Object value = element.get(name);
      if (value == null && name.equals("protocol")) {
        value = "TCP";
      }
      if (value != null) {
        keys.put(name, value);
      }
    }
    return "k:" + json(keys);
  }

  private static String json(@Nullable Object value) {
    return new String(JsonCodec.writeTree(value), StandardCharsets.UTF_8);
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> cast(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
