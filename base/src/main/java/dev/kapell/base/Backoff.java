package dev.kapell.base;

import java.time.Duration;

/**
 * Exponential waiting: the first failure waits {@code initial}, each further one twice as long,
 * never longer than {@code limit}. Pure.
 *
 * @param initial the wait after the first failure
 * @param limit the longest wait
 */
public record Backoff(Duration initial, Duration limit) {

  /** The wait before the next try after {@code failures} failures in a row (0: none). */
  public Duration after(int failures) {
    if (failures <= 0) {
      return Duration.ZERO;
    }
    Duration wait = initial;
    for (int i = 1; i < failures && wait.compareTo(limit) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(limit) < 0 ? wait : limit;
  }
}
