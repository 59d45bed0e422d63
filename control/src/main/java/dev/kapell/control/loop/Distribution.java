package dev.kapell.control.loop;

import java.util.Arrays;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How spans of time are distributed, from 10 ns to 1,000 s by powers of ten. Thread-safe. */
public final class Distribution {
  private static final double[] BOUNDS_SECONDS = {
    1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000
  };

  private final LongAdder[] counts = new LongAdder[BOUNDS_SECONDS.length + 1];
  private final DoubleAdder sum = new DoubleAdder();

  Distribution() {
    Arrays.setAll(counts, _ -> new LongAdder());
  }

  void add(long nanos) {
    double seconds = nanos / 1e9;
    int at = Arrays.binarySearch(BOUNDS_SECONDS, seconds);
    counts[at >= 0 ? at : -at - 1].increment();
    sum.add(seconds);
  }

  /** The upper bounds of all classes but the last, in seconds, ascending. */
  public double[] boundsSeconds() {
    return BOUNDS_SECONDS.clone();
  }

  /** How many fell into each class; one more than there are bounds. */
  public long[] counts() {
    return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
  }

  /** All of them together. */
  public double sumSeconds() {
    return sum.sum();
  }
}
