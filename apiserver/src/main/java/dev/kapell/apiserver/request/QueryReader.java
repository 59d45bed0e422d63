package dev.kapell.apiserver.request;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads typed values out of a query, with Kubernetes' words when one is malformed. */
record QueryReader(Map<String, List<String>> query) {

  String text(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.getFirst();
  }

  Optional<Long> number(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw Failures.badRequest(
          "invalid query parameter " + name + "=\"" + text + "\": a whole number is needed");
    }
  }

  Optional<Boolean> flag(String name) {
    if (!query.containsKey(name)) {
      return Optional.empty();
    }
    // As in Kubernetes' query conversion: present and neither "false" nor "0" is true.
    String text = text(name);
    return Optional.of(!text.equalsIgnoreCase("false") && !text.equals("0"));
  }

  boolean dryRun() {
    List<String> values = query.getOrDefault("dryRun", List.of());
    for (String value : values) {
      if (!value.equals("All") && !value.isEmpty()) {
        throw Failures.badRequest(
            "invalid dryRun value \"" + value + "\": supported values: \"All\"");
      }
    }
    return values.contains("All");
  }

  FieldValidation fieldValidation() {
    return switch (text("fieldValidation")) {
      case "", "Warn" -> FieldValidation.WARN;
      case "Strict" -> FieldValidation.STRICT;
      case "Ignore" -> FieldValidation.IGNORE;
      case String other ->
          throw Failures.badRequest(
              "invalid fieldValidation value \""
                  + other
                  + "\": supported values: \"Ignore\", \"Warn\", \"Strict\"");
    };
  }

  String propagationPolicy() {
    String policy = text("propagationPolicy");
    if (policy.isEmpty() && query.containsKey("orphanDependents")) {
      return flag("orphanDependents").orElse(false) ? "Orphan" : "Background";
    }
    return policy;
  }
}
