package dev.kapell.apiserver.podsecurity;

import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the pods of a namespace would say to a stricter level: warnings, grouped by reason. */
final class ExistingPods {
  /** More are not looked at: a change of a label is not to take long. */
  private static final int MOST = 3000;

  private ExistingPods() {}

  static List<String> warnings(
      String namespace, LevelVersion policy, List<Obj> pods, Set<String> exemptClasses) {
    List<Obj> order = oneOfEachControllerFirst(pods, exemptClasses);
    List<String> warnings = new ArrayList<>();
    Map<String, TreeSet<String>> namesByReason = new TreeMap<>();
    for (Obj pod : order.subList(0, Math.min(MOST, order.size()))) {
      Verdict verdict = Verdict.of(policy, PodForm.of(pod));
      if (!verdict.isClean()) {
        namesByReason
            .computeIfAbsent(verdict.reasons(), _ -> new TreeSet<>())
            .add(pod.child("metadata").text("name"));
      }
    }
    if (order.size() > MOST) {
      warnings.add(
          "new PodSecurity enforce level only checked against the first %d of %d existing pods"
              .formatted(MOST, order.size()));
    }
    if (!namesByReason.isEmpty()) {
      warnings.add(
          "existing pods in namespace \"%s\" violate the new PodSecurity enforce level \"%s\""
              .formatted(namespace, policy));
    }
    TreeSet<String> lines = new TreeSet<>();
    namesByReason.forEach((reason, names) -> lines.add(line(names) + ": " + reason));
    warnings.addAll(lines);
    return warnings;
  }

  private static String line(SortedSet<String> names) {
    int others = names.size() - 1;
    return switch (others) {
      case 0 -> names.first();
      case 1 -> names.first() + " (and 1 other pod)";
      default -> names.first() + " (and " + others + " other pods)";
    };
  }

  private static List<Obj> oneOfEachControllerFirst(List<Obj> pods, Set<String> exemptClasses) {
    List<Obj> first = new ArrayList<>();
    List<Obj> rest = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Obj pod : pods) {
      if (exemptClasses.contains(pod.child("spec").text("runtimeClassName"))) {
        continue;
      }
      boolean again =
          pod.child("metadata").items("ownerReferences").stream()
              .filter(owner -> owner.flag("controller"))
              .anyMatch(owner -> !seen.add(owner.text("uid")));
      (again ? rest : first).add(pod);
    }
    first.addAll(rest);
    return first;
  }
}
