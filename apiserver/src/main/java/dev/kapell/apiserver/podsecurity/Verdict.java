package dev.kapell.apiserver.podsecurity;

import dev.kapell.apiserver.podsecurity.Check.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything that is wrong with a pod by one level. Pure. */
record Verdict(List<Violation> violations) {
  /** The version of Kubernetes whose rules {@code latest} means. */
  static final int NEWEST = 36;

  Verdict {
    violations = List.copyOf(violations);
  }

  static Verdict of(LevelVersion policy, PodForm pod) {
    if (policy.level() == Level.PRIVILEGED) {
      return new Verdict(List.of());
    }
    int minor = Math.min(policy.minor(), NEWEST);
    List<Check> checks = new ArrayList<>(BaselineChecks.ALL);
    if (policy.level() == Level.RESTRICTED) {
      Set<String> replaced =
          RestrictedChecks.ALL.stream()
              .filter(check -> check.isIn(minor))
              .map(Check::replaces)
              .collect(Collectors.toSet());
      checks.removeIf(check -> replaced.contains(check.id()));
      checks.addAll(RestrictedChecks.ALL);
    }
    return new Verdict(
        checks.stream()
            .filter(check -> check.isIn(minor))
            .map(check -> check.violation().apply(pod))
            .flatMap(Optional::stream)
            .toList());
  }

  boolean isClean() {
    return violations.isEmpty();
  }

  /** What is wrong in short, to group pods by. */
  String reasons() {
    return violations.stream().map(Violation::reason).collect(Collectors.joining(", "));
  }

  /** What is wrong, and where. */
  String details() {
    return violations.stream()
        .map(v -> v.detail().isEmpty() ? v.reason() : v.reason() + " (" + v.detail() + ")")
        .collect(Collectors.joining(", "));
  }
}
