package dev.kapell.compose.file;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A mapping that is read key by key and knows which keys nobody asked for, so that none is ever
 * ignored. Not thread-safe.
 */
final class Section {
  private final String path;
  private final Value.Fields fields;
  private final Set<String> asked = new HashSet<>();

  private Section(String path, Value.Fields fields) {
    this.path = path;
    this.fields = fields;
  }

  /** {@code value} as a mapping; nothing counts as an empty one. */
  static Section of(String path, Value value) {
    return switch (value) {
      case Value.Fields fields -> new Section(path, fields);
      case Value.Nothing nothing -> new Section(path, new Value.Fields(nothing.place(), Map.of()));
      case Value other ->
          throw new ComposeFailure(
              other.place(), name(path) + " has to be a mapping, not " + other.described());
    };
  }

  private static String name(String path) {
    return path.isEmpty() ? "the file" : path;
  }

  Place place() {
    return fields.place();
  }

  /** The dotted name of {@code key}. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The value of {@code key}; a key without a value counts as absent. */
  Optional<Value> find(String key) {
    asked.add(key);
    return Optional.ofNullable(fields.fields().get(key))
        .filter(value -> !(value instanceof Value.Nothing));
  }

  /** The value of {@code key}, also when it is nothing. */
  Optional<Value> findWithNothing(String key) {
    asked.add(key);
    return Optional.ofNullable(fields.fields().get(key));
  }

  Optional<String> text(String key) {
    return find(key).map(value -> scalar(path(key), value));
  }

  /** The text of a string, number or boolean. */
  static String scalar(String path, Value value) {
    if (value instanceof Value.Scalar scalar) {
      return scalar.text();
    }
    throw new ComposeFailure(
        value.place(), path + " has to be one value, not " + value.described());
  }

  boolean flag(String key, boolean otherwise) {
    Optional<Value> value = find(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    String text = scalar(path(key), value.get());
    return switch (text) {
      case "true", "True", "TRUE", "yes", "on" -> true;
      case "false", "False", "FALSE", "no", "off" -> false;
      default ->
          throw new ComposeFailure(
              value.get().place(), path(key) + " has to be true or false, not \"" + text + "\"");
    };
  }

  Optional<Integer> number(String key) {
    return find(key).map(value -> number(path(key), value));
  }

  static int number(String path, Value value) {
    String text = scalar(path, value);
    if (!text.matches("[0-9]{1,9}")) {
      throw new ComposeFailure(
          value.place(), path + " has to be a whole number, not \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  Section section(String key) {
    return find(key)
        .map(value -> of(path(key), value))
        .orElseGet(() -> of(path(key), new Value.Nothing(place())));
  }

  /** The items of a list; a single value counts as a list of one. */
  List<Value> items(String key) {
    return find(key)
        .map(value -> value instanceof Value.Items list ? list.items() : List.of(value))
        .orElse(List.of());
  }

  /** The items of a list, each a scalar. */
  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    items(key).forEach(item -> texts.add(scalar(path(key), item)));
    return texts;
  }

  /**
   * A mapping of names to texts, which may also be written as a list of {@code NAME=text}. A name
   * without a text has none.
   */
  Map<String, Optional<String>> pairs(String key) {
    Map<String, Optional<String>> pairs = new LinkedHashMap<>();
    find(key)
        .ifPresent(
            value -> {
              switch (value) {
                case Value.Items list -> list.items().forEach(item -> pair(key, item, pairs));
                case Value.Fields map ->
                    map.fields()
                        .forEach(
                            (name, text) ->
                                pairs.put(
                                    name,
                                    text instanceof Value.Nothing
                                        ? Optional.empty()
                                        : Optional.of(scalar(path(key) + "." + name, text))));
                case Value other ->
                    throw new ComposeFailure(
                        other.place(),
                        path(key) + " has to be a mapping or a list, not " + other.described());
              }
            });
    return pairs;
  }

  private void pair(String key, Value item, Map<String, Optional<String>> pairs) {
    String text = scalar(path(key), item);
    int equals = text.indexOf('=');
    pairs.put(
        equals < 0 ? text : text.substring(0, equals),
        equals < 0 ? Optional.empty() : Optional.of(text.substring(equals + 1)));
  }

  /** Every key with its section, for mappings whose keys are names. */
  void each(Consumer<String> reader) {
    fields.fields().keySet().stream().filter(key -> !key.startsWith("x-")).forEach(reader);
  }

  /** A refusal of {@code key}, with its line. */
  ComposeFailure refuse(String key, String message) {
    Value value = fields.fields().get(key);
    return new ComposeFailure(value == null ? place() : value.place(), path(key) + " " + message);
  }

  /** Refuses the first key that nobody asked for. Extensions ({@code x-…}) are nobody's. */
  void refuseTheRest(Set<String> knownToCompose) {
    for (Map.Entry<String, Value> each : fields.fields().entrySet()) {
      String key = each.getKey();
      if (asked.contains(key) || key.startsWith("x-")) {
        continue;
      }
      String what =
          knownToCompose.contains(key)
              ? " is not supported yet; remove it to go on without"
              : " is not a key of Compose" + Spelling.hint(key, asked, knownToCompose);
      throw new ComposeFailure(each.getValue().place(), path(key) + what);
    }
  }
}
