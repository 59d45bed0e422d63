package dev.kapell.api.patch;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' own patch: like a merge patch, but lists whose elements have a key are merged element
 * by element, as the schema says. Pure.
 *
 * <p>Directives: {@code $patch: replace|delete|merge}, {@code $deleteFromPrimitiveList/FIELD},
 * {@code $setElementOrder/FIELD}, {@code $retainKeys}.
 */
public final class StrategicMergePatch {
  private static final String DIRECTIVE = "$patch";
  private static final String DELETE_VALUES = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";
  private static final String RETAIN = "$retainKeys";

  private StrategicMergePatch() {}

  /**
   * {@code target} changed by {@code patch}.
   *
   * @param type the name of the object's type in the schema, for instance {@code core.v1.Pod}
   * @throws PatchException when the patch has a directive that is none, or a list element without
   *     its key
   */
  public static Map<String, @Nullable Object> apply(
      Map<String, @Nullable Object> target, Map<String, @Nullable Object> patch, String type) {
    return merge(target, patch, Schema.type(type));
  }

  private static Map<String, @Nullable Object> merge(
      Map<String, @Nullable Object> target,
      Map<String, @Nullable Object> patch,
      Optional<TypeSchema> type) {
    Object directive = patch.get(DIRECTIVE);
    if ("replace".equals(directive)) {
      Map<String, @Nullable Object> replacement = new LinkedHashMap<>(patch);
      replacement.remove(DIRECTIVE);
      return replacement;
    }
    if ("delete".equals(directive)) {
      return new LinkedHashMap<>();
    }
    if (directive != null && !"merge".equals(directive)) {
      throw PatchException.malformed("unknown " + DIRECTIVE + ": " + directive);
    }
    Map<String, @Nullable Object> result = new LinkedHashMap<>(target);
    if (patch.get(RETAIN) instanceof List<?> kept) {
      result.keySet().removeIf(key -> !kept.contains(key));
    }
    patch.forEach((key, value) -> change(result, patch, key, value, type));
    return result;
  }

  private static void change(
      Map<String, @Nullable Object> result,
      Map<String, @Nullable Object> patch,
      String key,
      @Nullable Object value,
      Optional<TypeSchema> type) {
    if (key.equals(DIRECTIVE) || key.equals(RETAIN)) {
      return;
    }
    if (key.startsWith(DELETE_VALUES)) {
      deleteValues(result, key.substring(DELETE_VALUES.length()), value);
      return;
    }
    if (key.startsWith(ORDER)) {
      String field = key.substring(ORDER.length());
      if (!patch.containsKey(field)) {
        reorder(result, field, value, result.get(field), type.map(t -> t.fields().get(field)));
      }
      return;
    }
    if (value == null) {
      result.remove(key);
      return;
    }
    Optional<FieldSchema> field = type.map(t -> t.fields().get(key));
    Object before = result.get(key);
    result.put(key, changed(before, value, field));
    Object order = patch.get(ORDER + key);
    if (order != null) {
      reorder(result, key, order, before, field);
    }
  }

  @SuppressWarnings("unchecked") // a tree's maps have string keys
  private static @Nullable Object changed(
      @Nullable Object current, Object value, Optional<FieldSchema> field) {
    if (value instanceof Map<?, ?> patch) {
      Map<String, @Nullable Object> target =
          current instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
      return merge(target, (Map<String, @Nullable Object>) patch, elementType(field));
    }
    if (value instanceof List<?> patch && field.isPresent() && field.get().mergesList()) {
      List<?> target = current instanceof List<?> list ? list : List.of();
      return field.get().mergeKey().isEmpty()
          ? union(target, patch)
          : mergeList(target, patch, field.get());
    }
    return value instanceof List<?> list ? withoutDirectives(list) : value;
  }

  private static Optional<TypeSchema> elementType(Optional<FieldSchema> field) {
    return field
        .filter(f -> f.isReference() && f.form() != FieldSchema.Form.MAP)
        .flatMap(f -> Schema.type(f.reference()));
  }

  private static List<@Nullable Object> union(List<?> target, List<?> patch) {
    List<@Nullable Object> result = new ArrayList<>(target);
    for (Object value : patch) {
      if (!result.contains(value)) {
        result.add(value);
      }
    }
    return arranged(result, patch, target, "");
  }

  /** A list that is replaced may still say so in an element of its own. */
  private static List<@Nullable Object> withoutDirectives(List<?> list) {
    List<@Nullable Object> result = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> map && map.containsKey(DIRECTIVE) && map.size() == 1)) {
        result.add(item);
      }
    }
    return result;
  }

  @SuppressWarnings("unchecked") // a tree's maps have string keys
  private static List<@Nullable Object> mergeList(
      List<?> target, List<?> patch, FieldSchema field) {
    String key = field.mergeKey();
    Optional<TypeSchema> type = Schema.type(field.reference());
    List<@Nullable Object> result = new ArrayList<>(target);
    for (Object item : patch) {
      if (item instanceof Map<?, ?> map && "replace".equals(map.get(DIRECTIVE))) {
        return withoutDirectives(patch);
      }
    }
    for (Object item : patch) {
      if (!(item instanceof Map<?, ?> map) || map.get(key) == null) {
        throw PatchException.malformed(
            "each element of " + field.name() + " needs its merge key " + key);
      }
      Map<String, @Nullable Object> change = (Map<String, @Nullable Object>) map;
      int at = indexOf(result, key, change.get(key));
      if ("delete".equals(change.get(DIRECTIVE))) {
        result.removeIf(element -> sameKey(element, key, change.get(key)));
      } else if (at < 0) {
        result.add(merge(Map.of(), change, type));
      } else {
        result.set(
            at,
            merge(
                (Map<String, @Nullable Object>) Objects.requireNonNull(result.get(at)),
                change,
                type));
      }
    }
    return arranged(result, patch, target, key);
  }

  private static int indexOf(List<?> list, String key, @Nullable Object wanted) {
    for (int i = 0; i < list.size(); i++) {
      if (sameKey(list.get(i), key, wanted)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean sameKey(@Nullable Object element, String key, @Nullable Object wanted) {
    return element instanceof Map<?, ?> map && equal(map.get(key), wanted);
  }

  private static boolean equal(@Nullable Object one, @Nullable Object other) {
    return (one instanceof Number a && other instanceof Number b)
        ? a.doubleValue() == b.doubleValue()
        : Objects.equals(one, other);
  }

  private static void deleteValues(
      Map<String, @Nullable Object> result, String field, @Nullable Object values) {
    if (result.get(field) instanceof List<?> list && values instanceof List<?> unwanted) {
      List<@Nullable Object> kept = new ArrayList<>(list);
      kept.removeIf(unwanted::contains);
      result.put(field, kept);
    }
  }

  private static void reorder(
      Map<String, @Nullable Object> result,
      String name,
      @Nullable Object order,
      @Nullable Object before,
      Optional<FieldSchema> field) {
    if (result.get(name) instanceof List<?> list
        && order instanceof List<?> wanted
        && field.isPresent()) {
      List<?> former = before instanceof List<?> there ? there : List.of();
      result.put(name, arranged(list, wanted, former, field.get().mergeKey()));
    }
  }

  /**
   * Elements named in {@code order} in that order; each of the others in front of the first of them
   * that it was in front of {@code before}, new ones foremost.
   */
  private static List<@Nullable Object> arranged(
      List<?> list, List<?> order, List<?> before, String key) {
    List<@Nullable Object> others = new ArrayList<>(list);
    List<@Nullable Object> named = new ArrayList<>();
    for (Object want : order) {
      int at = position(others, want, key);
      if (at >= 0) {
        named.add(others.remove(at));
      }
    }
    List<@Nullable Object> arranged = new ArrayList<>(list.size());
    int next = 0;
    for (Object element : named) {
      int place = position(before, element, key);
      while (next < others.size() && isBefore(position(before, others.get(next), key), place)) {
        arranged.add(others.get(next));
        next++;
      }
      arranged.add(element);
    }
    arranged.addAll(others.subList(next, others.size()));
    return arranged;
  }

  /** Of places in the former list; what was not there is before nothing. */
  private static boolean isBefore(int one, int other) {
    return one >= 0 && one < other;
  }

  private static int position(List<?> list, @Nullable Object element, String key) {
    return element instanceof Map<?, ?> map && !key.isEmpty()
        ? indexOf(list, key, map.get(key))
        : list.indexOf(element);
  }
}
