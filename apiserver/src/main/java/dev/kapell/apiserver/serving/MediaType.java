package dev.kapell.apiserver.serving;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A media type with its parameters.
 *
 * @param name in lower case, for instance {@code application/json}
 * @param parameters for instance {@code as=Table}
 */
record MediaType(String name, Map<String, String> parameters) {
  static final String JSON = "application/json";
  static final String YAML = "application/yaml";
  static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  MediaType {
    parameters = Map.copyOf(parameters);
  }

  static MediaType parse(String text) {
    String[] parts = text.split(";", -1);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].strip().split("=", 2);
      if (pair.length == 2) {
        parameters.put(pair[0].strip().toLowerCase(Locale.ROOT), pair[1].strip().replace("\"", ""));
      }
    }
    return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), parameters);
  }

  /** The alternatives of an {@code Accept} header, the most wanted first. */
  static List<MediaType> list(List<String> headers) {
    List<MediaType> types = new ArrayList<>();
    for (String header : headers) {
      for (String part : header.split(",", -1)) {
        if (!part.isBlank()) {
          types.add(parse(part));
        }
      }
    }
    types.sort((a, b) -> Double.compare(b.weight(), a.weight()));
    return types;
  }

  private double weight() {
    try {
      return Double.parseDouble(parameter("q", "1"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  String parameter(String name, String fallback) {
    return parameters.getOrDefault(name, fallback);
  }

  boolean matches(String offered) {
    return name.equals("*/*")
        || name.equals(offered)
        || (name.endsWith("/*") && offered.startsWith(name.substring(0, name.length() - 1)));
  }
}
