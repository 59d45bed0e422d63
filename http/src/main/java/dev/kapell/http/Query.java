package dev.kapell.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters after the question mark, decoded. Immutable.
 *
 * @param values each name with its values in order
 */
public record Query(Map<String, List<String>> values) {
  /** No parameters. */
  public static final Query NONE = new Query(Map.of());

  /** Keeps the map as it is; {@link #parse} makes it unmodifiable. */
  public Query {
    values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Parses {@code a=1&b=2}; throws {@link IllegalArgumentException} on a broken escape. */
  public static Query parse(String raw) {
    if (raw.isEmpty()) {
      return NONE;
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      values.computeIfAbsent(decode(name), _ -> new ArrayList<>()).add(decode(value));
    }
    values.replaceAll((_, list) -> List.copyOf(list));
    return new Query(values);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** The first value under {@code name}, or the empty string. */
  public String first(String name) {
    List<String> all = values.get(name);
    return all == null ? "" : all.getFirst();
  }

  /** Every value under {@code name}. */
  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Whether the parameter is there, with or without a value. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Whether the parameter is there and is not {@code false} or {@code 0}, as Go reads flags. */
  public boolean flag(String name) {
    if (!has(name)) {
      return false;
    }
    String value = first(name);
    return !value.equalsIgnoreCase("false") && !value.equals("0");
  }
}
