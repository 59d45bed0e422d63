package dev.kapell.control.loop;

import dev.kapell.client.ApiFailure;
import java.time.Instant;
import java.util.Optional;

/**
 * A reconciler in two halves: looking, and a pure decision.
 *
 * @param <K> the name
 * @param <O> what was seen
 */
public interface Planner<K, O> {
  /** Reads caches (and, rarely, the server); empty when there is nothing to decide about. */
  Optional<O> observe(K key);

  /**
   * The decision. Pure: no I/O, clock, chance or logging.
   *
   * @param now in whole seconds, as the API's times are
   */
  Plan decide(O seen, Instant now);

  /**
   * What else to write when the server has refused {@code change}, for instance a condition that
   * says so. Pure. The plan counts as failed all the same, and is made anew after the back-off.
   */
  default Plan refused(O seen, Change change, ApiFailure why, Instant now) {
    return Plan.NOTHING;
  }
}
