package dev.kapell.sim.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.sim.cluster.Interference;
import org.junit.jupiter.api.Test;

/** Many worlds in which every law holds. {@code bench/simulate.sh} plays more of them. */
class SeedsTest {
  private static final int SEEDS = Integer.getInteger("kapell.sim.seeds", 500);

  @Test
  void everyLawHolds() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Report report = World.play(Scenario.of(seed));
      if (!report.passed()) {
        Report small = new Shrinker(() -> Interference.NONE).shrink(report);
        assertThat(String.join("\n", small.lines())).as("seed %d", seed).isEmpty();
      }
    }
  }

  @Test
  void aSeedGivesTheSameHistoryToTheByte() {
    for (long seed = 1; seed <= 5; seed++) {
      Scenario scenario = Scenario.of(seed);
      assertThat(World.play(scenario).hash()).isEqualTo(World.play(scenario).hash());
    }
  }
}
