package dev.kapell.node.plan;

import dev.kapell.api.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod goes down.
 *
 * @param reason for people
 * @param grace how long each container has after its SIGTERM
 * @param verdict what the status has to say beyond the containers' own exits
 * @param leaves whether the pod leaves this node for good, so that nothing of it is kept
 */
record Ending(String reason, Duration grace, @Nullable Verdict verdict, boolean leaves) {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  /** Empty while the pod has to run. */
  static Optional<Ending> of(PodObserved seen, Progress progress, Instant now) {
    Pod pod = seen.pod();
    if (!seen.listed()) {
      return Optional.of(
          new Ending("the pod is gone from the API", grace(pod), seen.verdict(), true));
    }
    if (pod.metadata().deletionTimestamp() != null) {
      return Optional.of(new Ending("the pod is being deleted", grace(pod), seen.verdict(), true));
    }
    Verdict verdict = seen.verdict();
    if (verdict != null) {
      Duration grace = verdict.disruption().isEmpty() ? grace(pod) : Duration.ofSeconds(1);
      return Optional.of(new Ending(verdict.message(), grace, verdict, false));
    }
    String phase = pod.status().phaseOr("");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return Optional.of(
          new Ending(
              "the pod has " + phase.toLowerCase(java.util.Locale.ROOT), grace(pod), null, false));
    }
    if (deadline(pod).filter(end -> !end.isAfter(now)).isPresent()) {
      String message = "Pod was active on the node longer than the specified deadline";
      return Optional.of(
          new Ending(message, grace(pod), new Verdict("DeadlineExceeded", message, ""), false));
    }
    return progress.finished()
        ? Optional.of(new Ending("every container has finished", grace(pod), null, false))
        : Optional.empty();
  }

  /** When {@code activeDeadlineSeconds} ends the pod. */
  static Optional<Instant> deadline(Pod pod) {
    Long seconds = pod.spec().activeDeadlineSeconds();
    Instant start = pod.status().startTime();
    return seconds == null || start == null
        ? Optional.empty()
        : Optional.of(start.plusSeconds(seconds));
  }

  /** The grace of a deletion, else of the spec, else 30 s; for a deletion at least one second. */
  static Duration grace(Pod pod) {
    Long deletion = pod.metadata().deletionGracePeriodSeconds();
    if (deletion != null) {
      return Duration.ofSeconds(Math.max(1, deletion));
    }
    Long spec = pod.spec().terminationGracePeriodSeconds();
    return spec == null ? DEFAULT_GRACE : Duration.ofSeconds(spec < 0 ? 1 : spec);
  }
}
