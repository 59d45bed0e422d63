package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths of fields in definitions: {@code .a.b['c-d']}, no list items. */
public final class FieldPaths {
  private static final Pattern STEP =
      Pattern.compile("\\.([^.\\[\\]']+)|\\['((?:[^'\\\\]|\\\\.)*)'\\]");
  private static final String NOWHERE = "does not refer to a valid field";

  private FieldPaths() {}

  /**
   * Where a path leads.
   *
   * @param steps names of fields
   * @param shown as errors name it: {@code .a[key].b}
   * @param schema of what stands there; empty when it leads nowhere
   * @param problem why; empty when it leads somewhere
   */
  public record Lead(List<String> steps, String shown, Optional<Obj> schema, String problem) {
    /** The path leads nowhere. */
    public static Lead nowhere(String why) {
      return new Lead(List.of(), "", Optional.empty(), why);
    }
  }

  /** Whether the path leads to something that the schema knows. */
  public static boolean leads(String path, Obj schema) {
    return !path.isEmpty() && follow(path, schema).schema().isPresent();
  }

  /** The schema of what stands at {@code path}. */
  public static Lead follow(String path, Obj schema) {
    Matcher matcher = STEP.matcher(path);
    List<String> steps = new ArrayList<>();
    StringBuilder shown = new StringBuilder();
    Obj at = schema;
    for (int end = 0; end < path.length(); end = matcher.end()) {
      if (!matcher.find(end) || matcher.start() != end) {
        char first = path.charAt(end);
        return Lead.nowhere(
            first == '.' || first == '['
                ? NOWHERE
                : "expected [ or . but got: " + path.substring(end).split("[.\\[\\]]", 2)[0]);
      }
      String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      Obj properties = at.child("properties");
      boolean known = !properties.map().isEmpty();
      Optional<Obj> next = known ? properties.find(name) : at.find("additionalProperties");
      if (next.isEmpty()) {
        return Lead.nowhere(NOWHERE);
      }
      steps.add(name);
      shown.append(known ? "." + name : "[" + name + "]");
      at = next.get();
    }
    return new Lead(List.copyOf(steps), shown.toString(), Optional.of(at), "");
  }
}
