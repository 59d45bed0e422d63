package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import java.util.Map;
import java.util.Optional;

/** Turns the name of a priority class into a number; of the classes one may be the default. */
final class Priorities implements Admission {
  private static final String CLASSES = "priorityclasses.scheduling.k8s.io";
  private static final String GLOBAL_DEFAULT = "globalDefault";
  private static final String TABLE = "scheduling.k8s.io/priorityclasses";
  private static final Map<String, Long> SYSTEM =
      Map.of("system-cluster-critical", 2_000_000_000L, "system-node-critical", 2_000_001_000L);

  @Override
  public void admit(Attempt attempt, Obj pod) {
    if (!attempt.creates("pods")) {
      return;
    }
    Obj spec = pod.make("spec");
    String name = spec.text("priorityClassName");
    if (SYSTEM.containsKey(name)) {
      set(attempt, pod, SYSTEM.get(name), "PreemptLowerPriority");
      return;
    }
    Optional<Obj> found;
    if (name.isEmpty()) {
      found =
          attempt.lookup().list(TABLE, "").stream()
              .filter(each -> each.flag(GLOBAL_DEFAULT))
              .findFirst();
      found.ifPresent(each -> spec.put("priorityClassName", each.child("metadata").text("name")));
    } else {
      found = attempt.lookup().find(TABLE, name);
      if (found.isEmpty()) {
        throw Failures.forbidden(
            attempt.resource(),
            pod.child("metadata").text("name"),
            "no PriorityClass with name " + name + " was found");
      }
    }
    long value = found.map(each -> each.number("value", 0)).orElse(0L);
    String preemption = found.map(each -> each.text("preemptionPolicy")).orElse("");
    set(attempt, pod, value, preemption.isEmpty() ? "PreemptLowerPriority" : preemption);
  }

  /** At most one class is that of pods which name none. */
  @Override
  public void validate(Attempt attempt, Obj object) {
    boolean write =
        attempt.operation() == Operation.CREATE || attempt.operation() == Operation.UPDATE;
    if (!write
        || !attempt.resource().qualifiedName().equals(CLASSES)
        || !object.flag(GLOBAL_DEFAULT)) {
      return;
    }
    String name = object.child("metadata").text("name");
    attempt.lookup().list(TABLE, "").stream()
        .filter(each -> each.flag(GLOBAL_DEFAULT))
        .map(each -> each.child("metadata").text("name"))
        .filter(other -> !other.equals(name))
        .findFirst()
        .ifPresent(
            other -> {
              throw Failures.forbidden(
                  attempt.resource(),
                  name,
                  "PriorityClass "
                      + other
                      + " is already marked as default. Only one default can exist");
            });
  }

  private static void set(Attempt attempt, Obj pod, Long value, String preemption) {
    Obj spec = pod.child("spec");
    if (spec.has("priority") && spec.number("priority", 0) != value) {
      throw Failures.forbidden(
          attempt.resource(),
          pod.child("metadata").text("name"),
          "the integer value of priority ("
              + spec.number("priority", 0)
              + ") must not be provided in pod spec; priority admission controller computed "
              + value
              + " from the given PriorityClass name");
    }
    spec.put("priority", value).fill("preemptionPolicy", preemption);
  }
}
