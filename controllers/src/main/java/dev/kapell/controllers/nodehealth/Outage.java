package dev.kapell.controllers.nodehealth;

import java.time.Duration;
import java.util.Optional;

/**
 * How much of a zone is out, and how fast its nodes may therefore be given up: when most of a zone
 * seems to fail, it is likelier that the way to it does (reference: nodes, rate limits on
 * eviction). Pure.
 *
 * @param ready nodes of the zone that are
 * @param unready nodes of the zone that are not
 * @param everywhere no node of the whole cluster is ready
 */
record Outage(int ready, int unready, boolean everywhere) {
  private static final double MOST = 0.55;
  private static final int LARGE_ZONE = 50;
  private static final int FEW = 2;
  private static final Duration USUAL = Duration.ofSeconds(10);
  private static final Duration SLOW = Duration.ofSeconds(100);

  /** The time from one node of the zone to the next; empty when none is given up. */
  Optional<Duration> pace() {
    if (everywhere) {
      return Optional.empty();
    }
    int all = ready + unready;
    boolean most = ready > 0 && unready > FEW && unready >= MOST * all;
    if (!most) {
      return Optional.of(USUAL);
    }
    return all > LARGE_ZONE ? Optional.of(SLOW) : Optional.empty();
  }
}
