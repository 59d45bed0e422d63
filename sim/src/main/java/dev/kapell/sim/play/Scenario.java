package dev.kapell.sim.play;

import java.time.Duration;
import java.util.List;

/**
 * What happens in a world. The same scenario gives the same history, to the byte.
 *
 * @param seed draws the order of threads, names and uids
 * @param nodes how many nodes there are
 * @param managers how many sets of controllers contend for the lead
 * @param acts what is done when, in order of time
 */
public record Scenario(long seed, int nodes, int managers, List<Timed> acts) {
  /** Copies the list. */
  public Scenario {
    acts = List.copyOf(acts);
  }

  /** An act and its time since the world began. */
  public record Timed(Duration at, Act act) {
    @Override
    public String toString() {
      return at.toMillis() / 1000.0 + " s " + act;
    }
  }

  /** The scenario that {@code seed} draws. */
  public static Scenario of(long seed) {
    return new Draw(seed).scenario();
  }

  /** With one set of controllers. */
  public Scenario(long seed, int nodes, List<Timed> acts) {
    this(seed, nodes, 1, acts);
  }

  /** The same with other acts. */
  public Scenario with(List<Timed> other) {
    return new Scenario(seed, nodes, managers, other);
  }
}
