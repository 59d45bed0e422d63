package dev.kapell.apiserver.fields;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A field that an apply would change and that another manager owns.
 *
 * @param manager its owner
 * @param path the steps to it
 */
public record Conflict(Manager manager, List<Step> path) {
  /** Copies the path. */
  public Conflict {
    path = List.copyOf(path);
  }

  /** The path as messages have it: {@code .spec.replicas}. */
  public String field() {
    StringBuilder text = new StringBuilder();
    path.forEach(step -> text.append(step.describe()));
    return text.toString();
  }

  /** {@code conflict with "name" using v1}. */
  public String message() {
    return "conflict with " + manager.describe();
  }

  /** The sentence for all of them, by manager. */
  public static String summary(List<Conflict> conflicts) {
    if (conflicts.size() == 1) {
      Conflict only = conflicts.getFirst();
      return "Apply failed with 1 conflict: " + only.message() + ": " + only.field();
    }
    Set<String> managers = new TreeSet<>();
    conflicts.forEach(conflict -> managers.add(conflict.manager().describe()));
    List<String> lines = new ArrayList<>();
    for (String manager : managers) {
      lines.add("conflicts with " + manager + ":");
      conflicts.stream()
          .filter(conflict -> conflict.manager().describe().equals(manager))
          .forEach(conflict -> lines.add("- " + conflict.field()));
    }
    return "Apply failed with " + conflicts.size() + " conflicts: " + String.join("\n", lines);
  }
}
