package dev.kapell.apiserver.custom;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code fieldPath} of a rule: {@code .a.b['c-d']}, no list items. */
final class FieldPaths {
  private static final Pattern STEP =
      Pattern.compile("\\.([^.\\[\\]']+)|\\['((?:[^'\\\\]|\\\\.)*)'\\]");

  private FieldPaths() {}

  /** Whether the path leads to something that the schema knows. */
  static boolean leads(String path, Map<String, Object> schema) {
    Matcher matcher = STEP.matcher(path);
    Map<String, Object> at = schema;
    int end = 0;
    while (end < path.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        return false;
      }
      String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      Map<String, Object> here = at;
      Optional<Map<String, Object>> next =
          StructuralSchema.child(here, "properties")
              .flatMap(properties -> StructuralSchema.child(properties, name))
              .or(() -> StructuralSchema.child(here, "additionalProperties"));
      if (next.isEmpty()) {
        return false;
      }
      at = next.get();
      end = matcher.end();
    }
    return !path.isEmpty();
  }
}
