package dev.kapell.apiserver.openapi;

import dev.kapell.apiserver.tree.Trees;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the schemas of other servers into a v2 document: the paths of their groups, and the
 * definitions that these lead to. A definition that is not the same under a name that is taken gets
 * another name.
 */
final class Merging {
  private static final String DEFINITIONS = "#/definitions/";

  private final Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> definitions;

  /** Beside {@code definitions}, which are there already; they are added to. */
  Merging(Map<String, Map<String, Object>> definitions) {
    this.definitions = definitions;
  }

  /** The paths of the groups that were added. */
  Map<String, Map<String, Object>> paths() {
    return paths;
  }

  /** Those that were there, and those of the groups that were added. */
  Map<String, Map<String, Object>> definitions() {
    return definitions;
  }

  /** Adds the paths of {@code group}, and what they lead to. */
  void add(OtherGroup group) {
    Set<String> used = new LinkedHashSet<>();
    references(group.paths(), group.definitions(), used);
    Map<String, String> names = new HashMap<>();
    for (String name : used) {
      names.put(name, free(name, group.definitions().get(name)));
    }
    for (String name : used) {
      definitions.putIfAbsent(
          names.getOrDefault(name, name), object(group.definitions().get(name), names));
    }
    group.paths().forEach((path, item) -> paths.putIfAbsent(path, object(item, names)));
  }

  private String free(String name, @Nullable Object definition) {
    String free = name;
    for (int i = 2; definitions.containsKey(free); i++) {
      if (Trees.same(definitions.get(free), definition)) {
        return free;
      }
      free = name + "_v" + i;
    }
    return free;
  }

  /** Adds the names of the definitions that {@code node} leads to. */
  private static void references(
      @Nullable Object node, Map<String, Object> definitions, Set<String> used) {
    switch (node) {
      case Map<?, ?> map -> {
        if (map.get("$ref") instanceof String reference && reference.startsWith(DEFINITIONS)) {
          String name = reference.substring(DEFINITIONS.length());
          if (definitions.containsKey(name) && used.add(name)) {
            references(definitions.get(name), definitions, used);
          }
        }
        map.values().forEach(value -> references(value, definitions, used));
      }
      case List<?> list -> list.forEach(item -> references(item, definitions, used));
      case null, default -> {}
    }
  }

  /** What is no object can not be described: it is an empty one. */
  private static Map<String, Object> object(@Nullable Object node, Map<String, String> names) {
    return node instanceof Map<?, ?> map ? renamed(map, names) : Map.of();
  }

  private static Map<String, Object> renamed(Map<?, ?> map, Map<String, String> names) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          boolean reference =
              "$ref".equals(key) && value instanceof String text && text.startsWith(DEFINITIONS);
          copy.put(
              String.valueOf(key),
              reference ? reference(String.valueOf(value), names) : value(value, names));
        });
    return copy;
  }

  private static Object value(@Nullable Object node, Map<String, String> names) {
    return switch (node) {
      case Map<?, ?> map -> renamed(map, names);
      case List<?> list -> list.stream().map(item -> value(item, names)).toList();
      case null -> Map.of();
      default -> node;
    };
  }

  private static String reference(String text, Map<String, String> names) {
    String name = text.substring(DEFINITIONS.length());
    return DEFINITIONS + names.getOrDefault(name, name);
  }
}
