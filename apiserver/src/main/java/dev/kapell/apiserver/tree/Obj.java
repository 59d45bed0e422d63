package dev.kapell.apiserver.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object in its place: the map, and the path that messages name it by. Writes go to the map.
 *
 * <p>Reading is forgiving: what is absent, or of another type, reads as empty. Types are checked
 * before, when a request is decoded.
 */
public final class Obj {
  private static final int NO_ITEM = -1;

  private final Map<String, Object> map;

  /** What it was found in, if that is known: few paths are ever asked for. */
  private final @Nullable Obj above;

  /** Its field above, or its whole path. */
  private final String step;

  /** Which item of the field it is. */
  private final int index;

  private Obj(Map<String, Object> map, @Nullable Obj above, String step, int index) {
    this.map = map;
    this.above = above;
    this.step = step;
    this.index = index;
  }

  /** The whole tree. */
  public static Obj root(Map<String, Object> map) {
    return at(map, "");
  }

  /** An object at a known place. */
  public static Obj at(Map<String, Object> map, String path) {
    return new Obj(map, null, path, NO_ITEM);
  }

  private Obj below(Map<String, Object> map, String field) {
    return new Obj(map, this, field, NO_ITEM);
  }

  /** The map itself. */
  public Map<String, Object> map() {
    return map;
  }

  /** Where this stands, for instance {@code spec.containers[0]}; empty for the root. */
  public String path() {
    if (above == null) {
      return step;
    }
    return index == NO_ITEM ? above.at(step) : above.at(step, index);
  }

  /** The path of {@code field}. */
  public String at(String field) {
    String path = path();
    return path.isEmpty() ? field : path + "." + field;
  }

  /** The path of an item of {@code field}. */
  public String at(String field, int index) {
    return at(field) + "[" + index + "]";
  }

  /** The path of an entry of the map {@code field}. */
  public String key(String field, String key) {
    return at(field) + "[" + key + "]";
  }

  /** Whether {@code field} has a value. */
  public boolean has(String field) {
    return map.get(field) != null;
  }

  /** The value as it is. */
  public @Nullable Object get(String field) {
    return map.get(field);
  }

  /** The text, or empty text. */
  public String text(String field) {
    return map.get(field) instanceof String text ? text : "";
  }

  /** The number, or {@code fallback}. */
  public long number(String field, long fallback) {
    return map.get(field) instanceof Number number ? number.longValue() : fallback;
  }

  /** The truth value; absent is false. */
  public boolean flag(String field) {
    return map.get(field) instanceof Boolean flag && flag;
  }

  /** The object under {@code field}; when absent an empty one that is not part of the tree. */
  public Obj child(String field) {
    Obj found = present(field);
    return found == null ? below(new LinkedHashMap<>(), field) : found;
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private @Nullable Obj present(String field) {
    return map.get(field) instanceof Map<?, ?> child
        ? below((Map<String, Object>) child, field)
        : null;
  }

  /** The object under {@code field}, if there is one. */
  public Optional<Obj> find(String field) {
    return Optional.ofNullable(present(field));
  }

  /** The object under {@code field}, made when absent. */
  public Obj make(String field) {
    Obj found = present(field);
    if (found != null) {
      return found;
    }
    Map<String, Object> made = new LinkedHashMap<>();
    map.put(field, made);
    return below(made, field);
  }

  /** The objects of the list under {@code field}. */
  @SuppressWarnings("unchecked") // trees have text keys only
  public List<Obj> items(String field) {
    if (!(map.get(field) instanceof List<?> list)) {
      return List.of();
    }
    List<Obj> items = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof Map<?, ?> item) {
        items.add(new Obj((Map<String, Object>) item, this, field, i));
      }
    }
    return items;
  }

  /** The texts of the list under {@code field}. */
  public List<String> texts(String field) {
    if (!(map.get(field) instanceof List<?> list)) {
      return List.of();
    }
    return list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
  }

  /** The values of the list under {@code field}, whatever they are. */
  public List<?> values(String field) {
    return map.get(field) instanceof List<?> list ? list : List.of();
  }

  /** The map of texts under {@code field}, for instance labels. */
  public Map<String, String> strings(String field) {
    if (!(map.get(field) instanceof Map<?, ?> entries)) {
      return Map.of();
    }
    Map<String, String> strings = new LinkedHashMap<>();
    entries.forEach(
        (key, value) -> {
          if (key instanceof String name && value instanceof String text) {
            strings.put(name, text);
          }
        });
    return strings;
  }

  /** Sets {@code field}. */
  public Obj put(String field, Object value) {
    map.put(field, value);
    return this;
  }

  /** Sets {@code field} unless it has a value: a default. */
  public Obj fill(String field, Object value) {
    if (map.get(field) == null) {
      map.put(field, value);
    }
    return this;
  }

  /** Removes {@code field}. */
  public Obj drop(String field) {
    map.remove(field);
    return this;
  }

  /** Sets {@code field} to what {@code source} has there, or removes it. */
  public Obj copy(String field, Obj source) {
    Object value = source.get(field);
    if (value == null) {
      map.remove(field);
    } else {
      map.put(field, value);
    }
    return this;
  }

  /** The list under {@code field}, made when absent, to add to. */
  @SuppressWarnings("unchecked") // lists of trees hold anything
  public List<Object> list(String field) {
    if (map.get(field) instanceof List<?> list) {
      return (List<Object>) list;
    }
    List<Object> made = new ArrayList<>();
    map.put(field, made);
    return made;
  }

  /** A fresh object to put somewhere: {@code tree("name", "x", "value", 1L)}. */
  public static Map<String, Object> tree(Object... entries) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put((String) entries[i], entries[i + 1]);
    }
    return map;
  }

  @Override
  public String toString() {
    return path() + map;
  }
}
