package dev.kapell.sim.cluster;

import dev.kapell.base.Randomness;
import java.time.Duration;

/** How the store behaves at present. Faults change it; each process's store asks it. */
public final class Weather {
  private final Randomness random;
  private Duration writeDelay = Duration.ZERO;
  private Duration watchDelay = Duration.ZERO;
  private int failingPercent;
  private int conflictPercent;
  private long droppedWatches;

  Weather(Randomness random) {
    this.random = random;
  }

  /** Each write takes up to so long. */
  public void delayWrites(Duration atMost) {
    writeDelay = atMost;
  }

  /** So many of a hundred writes fail, with nothing written. */
  public void failWrites(int percent) {
    failingPercent = percent;
  }

  /** So many of a hundred writes are told that somebody else was faster. */
  public void refuseWrites(int percent) {
    conflictPercent = percent;
  }

  /** Watches hear of each change so much later. */
  public void delayWatches(Duration by) {
    watchDelay = by;
  }

  /** Every watch that runs now is told that it fell behind. */
  public void dropWatches() {
    droppedWatches++;
  }

  /** All is as usual again. */
  public void clear() {
    writeDelay = Duration.ZERO;
    watchDelay = Duration.ZERO;
    failingPercent = 0;
    conflictPercent = 0;
  }

  Duration drawWriteDelay() {
    return writeDelay.isZero()
        ? Duration.ZERO
        : Duration.ofMillis(random.nextInt((int) writeDelay.toMillis() + 1));
  }

  boolean drawFailure() {
    return failingPercent > 0 && random.nextInt(100) < failingPercent;
  }

  boolean drawConflict() {
    return conflictPercent > 0 && random.nextInt(100) < conflictPercent;
  }

  Duration watchDelay() {
    return watchDelay;
  }

  long droppedWatches() {
    return droppedWatches;
  }
}
