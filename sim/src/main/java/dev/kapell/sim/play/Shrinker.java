package dev.kapell.sim.play;

import dev.kapell.sim.cluster.Interference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Makes a failing scenario smaller: takes away acts, first half of them, then fewer, for as long as
 * the same law is still broken.
 */
public final class Shrinker {
  private static final int MOST_TRIES = 60;

  private final Supplier<Interference> interference;
  private int tries;

  /** {@code interference} is what the worlds are played with, made anew for each. */
  public Shrinker(Supplier<Interference> interference) {
    this.interference = interference;
  }

  /** The smallest failing report that was found; {@code failed} itself if nothing can go. */
  public Report shrink(Report failed) {
    String law = failed.breaches().getFirst().law();
    Report smallest = failed;
    int chunk = Math.max(1, failed.scenario().acts().size() / 2);
    while (chunk >= 1 && tries < MOST_TRIES) {
      Report smaller = without(smallest, chunk, law);
      if (smaller.equals(smallest)) {
        chunk /= 2;
      } else {
        smallest = smaller;
      }
    }
    return smallest;
  }

  /** The first try without {@code chunk} neighbouring acts that still fails, or the same again. */
  private Report without(Report report, int chunk, String law) {
    List<Scenario.Timed> acts = report.scenario().acts();
    for (int from = 0; from < acts.size() && tries < MOST_TRIES; from += chunk) {
      List<Scenario.Timed> fewer = new ArrayList<>(acts.subList(0, from));
      fewer.addAll(acts.subList(Math.min(acts.size(), from + chunk), acts.size()));
      tries++;
      Report tried = World.play(report.scenario().with(fewer), interference.get());
      if (tried.breaches().stream().anyMatch(breach -> breach.law().equals(law))) {
        return tried;
      }
    }
    return report;
  }
}
