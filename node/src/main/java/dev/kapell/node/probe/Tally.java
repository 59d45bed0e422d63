package dev.kapell.node.probe;

import dev.kapell.api.core.v1.Probe;
import dev.kapell.node.plan.ProbeSeen.Result;

/** Counts answers in a row until a threshold turns them into a result. For one thread. */
final class Tally {
  private final int good;
  private final int bad;
  private Result result;
  private boolean last;
  private int row;

  Tally(Probe probe, Result initial) {
    this.good = Math.max(1, probe.successThresholdOr(1));
    this.bad = Math.max(1, probe.failureThresholdOr(3));
    this.result = initial;
  }

  /** The result after one more answer. */
  Result count(boolean answer) {
    row = answer == last ? row + 1 : 1;
    last = answer;
    if (row >= (answer ? good : bad)) {
      result = answer ? Result.PASSED : Result.FAILED;
    }
    return result;
  }

  Result result() {
    return result;
  }
}
