package dev.kapell.sim.play;

import org.junit.jupiter.api.Test;

/** One half of the seeds, in a process of its own. */
class OddSeedsTest {
  @Test
  void everyLawHolds() {
    Seeds.everyLawHoldsInHalfOfThem(1);
  }
}
