package dev.kapell.controllers.job;

import dev.kapell.api.batch.v1.Job;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Backoff;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When the next pod may be made after failures: each further failure in a row doubles the wait from
 * ten seconds up to ten minutes, and a success ends it; with a limit for each index, each index has
 * a wait of its own. Worked out from the pods that are there, so that nothing has to be remembered.
 * Pure.
 */
final class Pace {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

  private Pace() {}

  /** How long any pod has to wait now; empty when none has to. */
  static Optional<Duration> wait(Job job, List<Pod> pods, Instant now) {
    Instant lastGood = Instant.EPOCH;
    for (Pod pod : pods) {
      if (Pods.phase(pod).equals("Succeeded") && ended(pod, now).isAfter(lastGood)) {
        lastGood = ended(pod, now);
      }
    }
    int inARow = 0;
    Instant last = Instant.EPOCH;
    for (Pod pod : pods) {
      if (JobPods.isFailed(job, pod) && ended(pod, now).isAfter(lastGood)) {
        inARow++;
        last = ended(pod, now).isAfter(last) ? ended(pod, now) : last;
      }
    }
    return left(inARow, last, now);
  }

  /** How long an index has to wait whose last pod was {@code failed}. */
  static Optional<Duration> waitAfter(Pod failed, Instant now) {
    int failures = JobPods.failures(failed) + JobPods.ignoredFailures(failed) + 1;
    return left(failures, ended(failed, now), now);
  }

  private static Optional<Duration> left(int failures, Instant last, Instant now) {
    return failures == 0
        ? Optional.empty()
        : Optional.of(Duration.between(now, last.plus(BACKOFF.after(failures))))
            .filter(Duration::isPositive);
  }

  /** When its last container ended, else when it was seen not to be ready, deleted, or made. */
  private static Instant ended(Pod pod, Instant now) {
    Optional<Instant> containers = lastContainer(pod.status().containerStatuses());
    if (containers.isPresent()) {
      return containers.get();
    }
    Instant otherwise = pod.metadata().deletionTimestampOr(pod.metadata().creationTimestampOr(now));
    return Pods.condition(pod, "Ready")
        .filter(c -> c.statusOr("").equals("False"))
        .map(c -> c.lastTransitionTimeOr(otherwise))
        .orElse(otherwise);
  }

  private static Optional<Instant> lastContainer(List<ContainerStatus> statuses) {
    Instant latest = Instant.EPOCH;
    for (ContainerStatus container : statuses) {
      var state = container.state();
      if (state == null || state.terminated() == null) {
        return Optional.empty();
      }
      Instant at = state.terminated().finishedAtOr(Instant.EPOCH);
      latest = at.isAfter(latest) ? at : latest;
    }
    return Optional.of(latest).filter(at -> at.isAfter(Instant.EPOCH));
  }
}
