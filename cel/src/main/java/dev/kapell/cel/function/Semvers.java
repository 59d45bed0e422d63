package dev.kapell.cel.function;

import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Semver;
import java.util.List;
import java.util.Optional;

/** Versions after semver.org. */
final class Semvers {
  private Semvers() {}

  static List<Function> all() {
    return List.of(
        Function.of("semver", "(string) -> Semver", a -> parse(a[0], false)),
        Function.of("semver", "(string, bool) -> Semver", a -> parse(a[0], (Boolean) a[1])),
        Function.of("isSemver", "(string) -> bool", a -> find(a[0], false).isPresent()),
        Function.of(
            "isSemver", "(string, bool) -> bool", a -> find(a[0], (Boolean) a[1]).isPresent()),
        Function.of("isGreaterThan", "Semver.(Semver) -> bool", a -> compare(a) > 0),
        Function.of("isLessThan", "Semver.(Semver) -> bool", a -> compare(a) < 0),
        Function.of("compareTo", "Semver.(Semver) -> int", a -> (long) compare(a)),
        Function.of("major", "Semver.() -> int", a -> ((Semver) a[0]).major()),
        Function.of("minor", "Semver.() -> int", a -> ((Semver) a[0]).minor()),
        Function.of("patch", "Semver.() -> int", a -> ((Semver) a[0]).patch()));
  }

  private static Optional<Semver> find(Object text, boolean tolerant) {
    return tolerant ? Semver.parseTolerant((String) text) : Semver.parse((String) text);
  }

  private static Semver parse(Object text, boolean tolerant) {
    return find(text, tolerant)
        .orElseThrow(() -> new CelError("No Major.Minor.Patch elements found"));
  }

  private static int compare(Object[] a) {
    return Integer.signum(((Semver) a[0]).compareTo((Semver) a[1]));
  }
}
