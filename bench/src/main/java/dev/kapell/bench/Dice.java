package dev.kapell.bench;

import dev.kapell.base.Randomness;
import java.util.List;

/** Choices that repeat themselves from their seed. One thread. */
public final class Dice {
  private final Randomness randomness;

  public Dice(long seed) {
    this.randomness = Randomness.seeded(seed);
  }

  public int below(int bound) {
    return randomness.nextInt(bound);
  }

  /** True in {@code percent} of a hundred throws. */
  public boolean percent(int percent) {
    return below(100) < percent;
  }

  public <T> T pick(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  public byte[] bytes(int length) {
    return randomness.fill(new byte[length]);
  }
}
