package dev.kapell.controllers.workload;

import dev.kapell.api.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What stands in the way of an owner's pods: no node fits, or a finalizer that never goes. Pure.
 *
 * @param again when to look again although nothing changed
 */
public record Trouble(List<Notice> notices, Optional<Duration> again) {
  /** A pod that is held so long past its grace is worth a word. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Copies. */
  public Trouble {
    notices = List.copyOf(notices);
  }

  /**
   * Looks at {@code pods}.
   *
   * @param own finalizers that the owner itself takes off
   */
  public static Trouble of(List<Pod> pods, Set<String> own, Instant now) {
    List<Notice> notices = new ArrayList<>();
    unschedulable(pods).ifPresent(notices::add);
    List<Pod> held =
        pods.stream()
            .filter(p -> Pods.isTerminating(p) && !own.containsAll(p.metadata().finalizers()))
            .toList();
    held(held, own, now).ifPresent(notices::add);
    Optional<Duration> again =
        held.stream()
            .map(pod -> Duration.between(now, patienceEnds(pod, now)))
            .filter(Duration::isPositive)
            .min(Duration::compareTo);
    return new Trouble(notices, again);
  }

  private static Optional<Notice> unschedulable(List<Pod> pods) {
    int count = 0;
    String why = "";
    for (Pod pod : pods) {
      if (Pods.isActive(pod) && pod.spec().nodeNameOr("").isEmpty()) {
        var condition = Pods.condition(pod, "PodScheduled");
        if (condition.isPresent() && condition.get().reasonOr("").equals("Unschedulable")) {
          count++;
          why = why.isEmpty() ? condition.get().messageOr("") : why;
        }
      }
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            new Notice(
                Notice.PODS_UNSCHEDULABLE,
                "Unschedulable",
                count + " of " + pods.size() + " pods fit no node: " + why));
  }

  private static Optional<Notice> held(List<Pod> candidates, Set<String> own, Instant now) {
    return candidates.stream()
        .filter(pod -> !patienceEnds(pod, now).isAfter(now))
        .findFirst()
        .map(
            pod -> {
              List<String> finalizers =
                  pod.metadata().finalizers().stream().filter(f -> !own.contains(f)).toList();
              return new Notice(
                  Notice.PODS_HELD,
                  "FinalizerRemains",
                  "pod "
                      + pod.metadata().nameOr("")
                      + " was to be gone at "
                      + pod.metadata().deletionTimestampOr(now)
                      + " and is held by "
                      + String.join(", ", finalizers)
                      + ": the controller that set it has to take it off");
            });
  }

  private static Instant patienceEnds(Pod pod, Instant now) {
    return pod.metadata().deletionTimestampOr(now).plus(PATIENCE);
  }
}
