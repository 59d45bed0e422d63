package dev.kapell.apiserver.podsecurity;

import dev.kapell.apiserver.podsecurity.Check.Violation;
import dev.kapell.apiserver.tree.Obj;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Who in a pod does what it may not, and with which values; and the words for it. */
final class Findings {
  private final List<String> containers = new ArrayList<>();
  private final TreeSet<String> values = new TreeSet<>();
  private boolean pod;

  /** Asks every container. */
  static Findings of(PodForm form, Predicate<Obj> bad) {
    Findings found = new Findings();
    found.containers(form, bad);
    return found;
  }

  /** The names of the containers that are {@code bad}. */
  Findings containers(PodForm form, Predicate<Obj> bad) {
    for (Obj container : form.containers()) {
      if (bad.test(container)) {
        containers.add(container.text("name"));
      }
    }
    return this;
  }

  /** Says that the pod as a whole is bad. */
  Findings pod(boolean bad) {
    pod |= bad;
    return this;
  }

  /** Notes a value that is not allowed; answers true. */
  boolean value(String value) {
    values.add(value);
    return true;
  }

  boolean isEmpty() {
    return containers.isEmpty() && !pod;
  }

  Collection<String> values() {
    return values;
  }

  /** {@code "a", "b"}: the values. */
  String quotedValues() {
    return quoted(values);
  }

  /** {@code container "a"}, {@code pod and containers "a", "b"}. */
  String who() {
    List<String> parts = new ArrayList<>();
    if (pod) {
      parts.add("pod");
    }
    if (!containers.isEmpty()) {
      parts.add(named("container", containers));
    }
    return String.join(" and ", parts);
  }

  /** {@code uses} or {@code use}. */
  String verb() {
    return containers.size() == 1 ? "uses" : "use";
  }

  /** A violation, when there are findings. */
  Optional<Violation> violation(String reason, String detail) {
    return isEmpty() ? Optional.empty() : Optional.of(new Violation(reason, detail));
  }

  /** {@code volume "a"} or {@code volumes "a", "b"}. */
  static String named(String what, Collection<String> names) {
    return plural(what, names.size()) + " " + quoted(names);
  }

  static String plural(String what, int count) {
    return count == 1 ? what : what + "s";
  }

  static String quoted(Collection<String> texts) {
    return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
  }
}
