package dev.kapell.bench.fair;

import java.util.Arrays;
import java.util.Collection;

/**
 * What callers got.
 *
 * @param nanos how long each answer took, the shortest first
 * @param seconds how long they asked
 * @param refused answers that were no success
 */
record Got(long[] nanos, double seconds, long refused) {
  /** All of several spells. */
  static Got of(Collection<Got> spells) {
    long[] nanos =
        spells.stream().flatMapToLong(spell -> Arrays.stream(spell.nanos())).sorted().toArray();
    double seconds = spells.stream().mapToDouble(Got::seconds).sum();
    return new Got(nanos, seconds, spells.stream().mapToLong(Got::refused).sum());
  }

  double perSecond() {
    return nanos.length / seconds;
  }

  /** So many of a hundred were answered faster, in milliseconds. */
  double millis(double percent) {
    return nanos.length == 0 ? 0 : nanos[(int) (nanos.length * percent / 100)] / 1e6;
  }
}
