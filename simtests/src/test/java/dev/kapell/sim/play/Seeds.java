package dev.kapell.sim.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.sim.cluster.Interference;

/** The seeds that every build plays. {@code bench/simulate.sh} plays more of them. */
final class Seeds {
  private static final int COUNT = Integer.getInteger("kapell.sim.seeds", 500);

  private Seeds() {}

  /** Plays every second seed from {@code first} on: two processes together play all. */
  static void everyLawHoldsInHalfOfThem(long first) {
    for (long seed = first; seed <= COUNT; seed += 2) {
      Report report = World.play(Scenario.of(seed));
      if (!report.passed()) {
        Report small = new Shrinker(() -> Interference.NONE).shrink(report);
        assertThat(String.join("\n", small.lines())).as("seed %d", seed).isEmpty();
      }
    }
  }
}
