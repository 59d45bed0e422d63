package dev.kapell.blackbox.peer;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Fields whose owner had lost all that was in them, in one case.
 *
 * <p>The peer gives such an owner what is in the field at the next write, as if the field had been
 * one piece when he got it. Whatever differs in that field from then on follows from this.
 */
final class Emptied {
  private static final String CONFLICT = " FieldManagerConflict";

  private Map<String, Set<String>> former = Map.of();
  private Set<String> places = Set.of();
  private Set<String> current = Set.of();

  /** Takes the owners in the peer's answer; {@code kept} unless it was a dry run. */
  void see(Map<String, Set<String>> peer, boolean kept) {
    current = new TreeSet<>(places);
    former.forEach(
        (manager, paths) -> {
          Set<String> now = peer.getOrDefault(manager, Set.of());
          for (String path : paths) {
            if (isBare(path, paths) && !isBare(path, now)) {
              current.add(path);
            }
          }
        });
    if (kept) {
      former = peer;
      places = current;
    }
  }

  private static boolean isBare(String path, Set<String> paths) {
    return paths.stream().noneMatch(other -> other.startsWith(path + "/"));
  }

  /** Whether the difference is in such a field. */
  boolean has(Difference difference) {
    return current.stream()
        .anyMatch(
            place ->
                switch (difference.aspect()) {
                  case OWNER -> (difference.place() + "/").startsWith(place + "/");
                  case FIELD -> isIn(difference.place(), place);
                  case CAUSE -> isIn(conflicting(difference.place()), place);
                  default -> false;
                });
  }

  /** The field of a conflict, {@code .data.k FieldManagerConflict}; empty for other causes. */
  private static String conflicting(String cause) {
    return cause.endsWith(CONFLICT)
        ? cause.substring(1, cause.length() - CONFLICT.length()).replace('.', '/')
        : "";
  }

  /** Elements of lists have keys in the one path, and places in the other. */
  private static boolean isIn(String field, String place) {
    StringBuilder regex = new StringBuilder();
    for (String step : place.splitWithDelimiters("[kv]:[^/]*", 0)) {
      boolean element = step.startsWith("k:") || step.startsWith("v:");
      regex.append(element ? "\\d+" : Pattern.quote(step.replace("f:", "")));
    }
    return field.matches(regex + "(/.*)?");
  }
}
