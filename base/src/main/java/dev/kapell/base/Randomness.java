package dev.kapell.base;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The only source of chance. Thread-safe.
 *
 * <p>{@link #secure()} for production, {@link #seeded} where a run has to repeat itself.
 */
public final class Randomness {
  /**
   * The letters of generated names: no vowels and no look-alikes, as Kubernetes' {@code
   * rand.String}.
   */
  private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final RandomGenerator generator;

  private Randomness(RandomGenerator generator) {
    this.generator = generator;
  }

  /** Unpredictable, from the operating system. */
  public static Randomness secure() {
    return new Randomness(new SecureRandom());
  }

  /** The same numbers for the same seed. */
  public static Randomness seeded(long seed) {
    return new Randomness(new SplittableRandom(seed));
  }

  /** A number from 0 to {@code bound - 1}. */
  public synchronized int nextInt(int bound) {
    return generator.nextInt(bound);
  }

  /** A number from 0 (inclusive) to 1 (exclusive). */
  public synchronized double nextDouble() {
    return generator.nextDouble();
  }

  /** Fills {@code target} with random bytes and returns it. */
  public synchronized byte[] fill(byte[] target) {
    generator.nextBytes(target);
    return target;
  }

  /** A random (version 4) UUID. */
  public synchronized UUID uuid() {
    long high = (generator.nextLong() & ~0xF000L) | 0x4000L;
    long low = (generator.nextLong() & ~(0xC000_0000_0000_0000L)) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /**
   * The ending that {@code generateName} gets: {@code length} letters that are safe in a DNS label.
   */
  public synchronized String nameSuffix(int length) {
    StringBuilder letters = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      letters.append(NAME_LETTERS.charAt(generator.nextInt(NAME_LETTERS.length())));
    }
    return letters.toString();
  }
}
