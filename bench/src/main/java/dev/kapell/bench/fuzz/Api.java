package dev.kapell.bench.fuzz;

import dev.kapell.api.JsonCodec;
import dev.kapell.bench.wire.Sample;
import dev.kapell.bench.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server says it serves.
 *
 * @param operations every path with its methods
 * @param schemas of all groups, by name
 */
record Api(List<Operation> operations, Map<String, Map<String, Object>> schemas) {

  /**
   * A path of the API.
   *
   * @param path with {@code {name}} and {@code {namespace}}
   * @param methods in capitals
   * @param kind the schema of the objects behind it; empty when it has none
   */
  record Operation(String path, String kind, List<String> methods) {}

  /** Reads the OpenAPI documents. */
  static Api read(Wire wire) throws IOException {
    Map<String, Map<String, Object>> schemas = new HashMap<>();
    List<Operation> operations = new ArrayList<>();
    Map<?, ?> index = map(get(wire, "/openapi/v3"));
    for (Object entry : map(index.get("paths")).values()) {
      Map<?, ?> document = map(get(wire, String.valueOf(map(entry).get("serverRelativeURL"))));
      map(map(document.get("components")).get("schemas"))
          .forEach((name, schema) -> schemas.put(String.valueOf(name), copy(map(schema))));
      map(document.get("paths"))
          .forEach(
              (path, item) ->
                  operations.add(
                      new Operation(String.valueOf(path), kind(map(item)), methods(map(item)))));
    }
    operations.sort(java.util.Comparator.comparing(Operation::path));
    return new Api(List.copyOf(operations), schemas);
  }

  private static List<String> methods(Map<?, ?> item) {
    List<String> methods = new ArrayList<>();
    for (String method : List.of("get", "post", "put", "patch", "delete")) {
      if (item.containsKey(method)) {
        methods.add(method.toUpperCase(java.util.Locale.ROOT));
      }
    }
    return methods.isEmpty() ? List.of("GET") : methods;
  }

  private static String kind(Map<?, ?> item) {
    for (String method : List.of("post", "put", "get")) {
      String text =
          String.valueOf(
              map(item.get(method)).get(method.equals("get") ? "responses" : "requestBody"));
      int at = text.indexOf("#/components/schemas/");
      if (at >= 0) {
        return text.substring(at + 21).split("[},\\]]", 2)[0];
      }
    }
    return "";
  }

  private static Object get(Wire wire, String path) throws IOException {
    Wire.Answer answer =
        wire.send(new Sample("GET", path, List.of("Accept: application/json"), new byte[0], false));
    if (answer.code() != 200) {
      throw new IOException(path + " answers " + answer.code());
    }
    return java.util.Objects.requireNonNull(JsonCodec.readTree(answer.body()), path);
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new HashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  private static Map<?, ?> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
