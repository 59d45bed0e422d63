package dev.kapell.blackbox.peer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Kubernetes 1.36 does otherwise than the peer's 1.20: the rules of {@code since.txt}, each
 * with its version and reason. A rule that no case needs is a mistake.
 */
final class Since {
  private final List<Rule> rules = new ArrayList<>();
  private final Set<Rule> needed = new LinkedHashSet<>();

  /**
   * A line of the table.
   *
   * @param kinds those it is about
   * @param aspect of the answer, or {@code piece} or {@code emptied}
   * @param place matches where it stands
   * @param peer matches what the peer has
   * @param ours matches what Kapell has
   * @param line as it is written, below its reason
   */
  private record Rule(
      Set<String> kinds, String aspect, Pattern place, Pattern peer, Pattern ours, String line) {

    boolean isAbout(String kind) {
      return kinds.contains(kind)
          || kinds.contains("*")
          || (kind.endsWith(Call.DRY)
              && kinds.contains(kind.substring(0, kind.length() - Call.DRY.length())));
    }

    boolean explains(String kind, Difference difference) {
      return aspect.equals(difference.aspect().word())
          && isAbout(kind)
          && place.matcher(difference.place()).matches()
          && peer.matcher(difference.peer()).matches()
          && ours.matcher(difference.ours()).matches();
    }

    boolean isAboutEmptied(String kind, Difference difference) {
      return aspect.equals("emptied")
          && isAbout(kind)
          && place.matcher(difference.place()).matches();
    }
  }

  /** The rules of one case. */
  static Since of(List<String> exceptions) {
    Since since = new Since();
    exceptions.forEach(line -> since.rules.add(rule(line, "exception")));
    return since;
  }

  /** The rules of the table. */
  static Since read() {
    Since since = new Since();
    String reason = "";
    for (String line : Table.text("since.txt").lines().toList()) {
      if (line.startsWith("since ") || line.startsWith("not ")) {
        reason = line;
      } else if (!line.isBlank() && !line.startsWith("#")) {
        since.rules.add(rule(line.strip(), reason));
      }
    }
    return since;
  }

  private static Rule rule(String line, String reason) {
    String[] parts = line.split(" \\| ", -1);
    String[] words = parts[0].split(" ", -1);
    return new Rule(
        Set.of(words[0].split(",", -1)),
        words[1],
        glob(parts[1], "[^/]*"),
        glob(parts.length > 2 ? parts[2] : "*", ".*"),
        glob(parts.length > 3 ? parts[3] : "*", ".*"),
        reason + ": " + line);
  }

  /** {@code **} is anything; {@code *} too, or in a path, anything within a step. */
  private static Pattern glob(String glob, String star) {
    StringBuilder regex = new StringBuilder();
    for (String part : glob.strip().splitWithDelimiters("\\*\\*|\\*", 0)) {
      regex.append(
          switch (part) {
            case "**" -> ".*";
            case "*" -> star;
            default -> Pattern.quote(part);
          });
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Those that neither a rule nor an exception of the case explains. */
  List<Difference> unexplained(
      String kind, List<Difference> differences, Since exceptions, Emptied emptied) {
    List<Difference> left = new ArrayList<>();
    for (Difference difference : differences) {
      if (!exceptions.explains(kind, difference, emptied) && !explains(kind, difference, emptied)) {
        left.add(difference);
      }
    }
    return left;
  }

  private boolean explains(String kind, Difference difference, Emptied emptied) {
    for (Rule rule : rules) {
      if (rule.explains(kind, difference)
          || (rule.isAboutEmptied(kind, difference) && emptied.has(difference))) {
        needed.add(rule);
        return true;
      }
    }
    return false;
  }

  /**
   * What became one piece since: who has a part of it in the peer has it whole, unless it has
   * another owner in Kapell, who wrote the last part.
   */
  void unitePieces(String kind, Map<String, Set<String>> peer, Map<String, Set<String>> ours) {
    for (Rule rule : rules) {
      if (rule.aspect().equals("piece") && rule.isAbout(kind)) {
        peer.forEach((manager, paths) -> unitePiece(rule, manager, paths, ours));
      }
    }
  }

  private void unitePiece(
      Rule rule, String manager, Set<String> paths, Map<String, Set<String>> ours) {
    for (String path : List.copyOf(paths)) {
      String whole = beginning(rule, path);
      boolean hasOther = ours.values().stream().anyMatch(other -> other.contains(whole));
      boolean same = ours.getOrDefault(manager, Set.of()).contains(whole);
      if (!whole.isEmpty() && hasOther && !(same && whole.equals(path))) {
        needed.add(rule);
        paths.remove(path);
        if (same) {
          paths.add(whole);
        }
      }
    }
  }

  /** The steps of the path that are the piece; empty when it is not of the piece. */
  private static String beginning(Rule rule, String path) {
    for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      if (rule.place().matcher(path.substring(0, end)).matches()) {
        return path.substring(0, end);
      }
    }
    return rule.place().matcher(path).matches() ? path : "";
  }

  /** Rules that explained nothing. */
  List<String> notNeeded() {
    return rules.stream().filter(rule -> !needed.contains(rule)).map(Rule::line).toList();
  }

  /** How many rules there are. */
  int size() {
    return rules.size();
  }
}
