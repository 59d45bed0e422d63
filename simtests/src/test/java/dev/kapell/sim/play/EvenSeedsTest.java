package dev.kapell.sim.play;

import org.junit.jupiter.api.Test;

/** The other half of the seeds, in a process of its own. */
class EvenSeedsTest {
  @Test
  void everyLawHolds() {
    Seeds.everyLawHoldsInHalfOfThem(2);
  }
}
