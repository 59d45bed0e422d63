package dev.kapell.node.plan;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a container's next restart has to wait, as the kubelet's crash-loop back-off: nothing
 * after the first exit, then 10 s, doubling to 5 min, forgotten after 10 quiet minutes.
 *
 * @param span from the exit to the restart
 * @param updated when the last restart was granted
 */
public record RestartWait(Duration span, Instant updated) {
  static final Duration INITIAL = Duration.ofSeconds(10);
  static final Duration LIMIT = Duration.ofMinutes(5);
  static final Duration FORGET = Duration.ofMinutes(10);

  /** No restart yet. */
  public static final RestartWait NONE = new RestartWait(Duration.ZERO, Instant.EPOCH);

  /** When a container that exited at {@code finished} may start again. */
  Instant until(Instant finished) {
    return forgotten(finished) ? finished : finished.plus(span);
  }

  /** The wait after a restart at {@code now} of a container that exited at {@code finished}. */
  RestartWait next(Instant finished, Instant now) {
    if (forgotten(finished) || span.isZero()) {
      return new RestartWait(INITIAL, now);
    }
    Duration doubled = span.multipliedBy(2);
    return new RestartWait(doubled.compareTo(LIMIT) < 0 ? doubled : LIMIT, now);
  }

  private boolean forgotten(Instant finished) {
    return Duration.between(updated, finished).compareTo(FORGET) > 0;
  }
}
