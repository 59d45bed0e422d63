package dev.kapell.controllers.daemonset;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Backoff;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often pods of a DaemonSet have failed on a node in a row, so that a pod that is rejected each
 * time is not made again each time: the first failure is replaced at once, each further one waits
 * twice as long. Thread-safe; forgets what has been quiet for long.
 */
final class FailedPods {
  private static final Backoff WAIT = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(15));
  private static final Duration QUIET = Duration.ofMinutes(30);

  /** The last failed pod that might go, and until when the next one stays. */
  private record Failure(String podUid, int times, Instant until) {}

  private final Map<String, Failure> byPlace = new HashMap<>();

  /** Until when each failed pod of the set {@code setUid} stays, by its uid; others may go now. */
  synchronized Map<String, Instant> waits(String setUid, List<Pod> pods, Instant now) {
    byPlace.values().removeIf(failure -> failure.until().plus(QUIET).isBefore(now));
    Map<String, Instant> waits = new HashMap<>();
    for (Pod pod : pods) {
      boolean own =
          pod.metadata().ownerReferences().stream().anyMatch(o -> o.uidOr("").equals(setUid));
      if (own && Pods.isFinished(pod)) {
        note(setUid + "/" + Placement.nodeOf(pod), pod.metadata().uidOr(""), now, waits);
      }
    }
    return waits;
  }

  private void note(String place, String podUid, Instant now, Map<String, Instant> waits) {
    Failure last = byPlace.getOrDefault(place, new Failure("", 0, Instant.EPOCH));
    if (last.podUid().equals(podUid)) {
      return; // its deletion has been decided
    }
    if (now.isBefore(last.until())) {
      waits.put(podUid, last.until());
      return;
    }
    int times = last.times() + 1;
    byPlace.put(place, new Failure(podUid, times, now.plus(WAIT.after(times))));
  }
}
