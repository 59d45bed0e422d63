package dev.kapell.sim.law;

import java.time.Duration;

/**
 * A law that did not hold.
 *
 * @param law its title
 * @param at since the world began
 * @param revision the newest then
 * @param text what was the case, with the names and numbers
 */
public record Breach(String law, Duration at, long revision, String text) {
  @Override
  public String toString() {
    return law + " does not hold at " + at + ", revision " + revision + ": " + text;
  }
}
