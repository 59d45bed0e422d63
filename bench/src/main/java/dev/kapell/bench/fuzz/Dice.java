package dev.kapell.bench.fuzz;

import dev.kapell.base.Randomness;
import java.util.List;

/** Choices that repeat themselves from their seed. One thread. */
final class Dice {
  private final Randomness randomness;

  Dice(long seed) {
    this.randomness = Randomness.seeded(seed);
  }

  int below(int bound) {
    return randomness.nextInt(bound);
  }

  /** True in {@code percent} of a hundred throws. */
  boolean percent(int percent) {
    return below(100) < percent;
  }

  <T> T pick(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  byte[] bytes(int length) {
    return randomness.fill(new byte[length]);
  }
}
