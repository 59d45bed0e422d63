package dev.kapell.apiserver.request;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads typed values out of a query, with Kubernetes' words when one is malformed. */
record QueryReader(Map<String, List<String>> query) {

  /** How long the name of a field manager can be, in characters. */
  static final int MAX_MANAGER_LENGTH = 128;

  static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> character == ' ' || !Character.isSpaceChar(character);
    };
  }

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

  /** Whether anything is asked for; {@link OptionRules} says whether it is known. */
  boolean dryRun() {
    return query.getOrDefault("dryRun", List.of()).contains("All");
  }

  /** An unknown one counts as the default here; {@link OptionRules} refuses it. */
  FieldValidation fieldValidation() {
    return switch (text("fieldValidation")) {
      case "Strict" -> FieldValidation.STRICT;
      case "Ignore" -> FieldValidation.IGNORE;
      default -> FieldValidation.WARN;
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
