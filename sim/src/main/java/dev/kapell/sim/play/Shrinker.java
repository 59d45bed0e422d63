package dev.kapell.sim.play;

import dev.kapell.sim.cluster.Interference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Makes a failing scenario smaller: takes away the acts after the breach, then others, first half
 * of them, then fewer, for as long as the same law is still broken.
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
    Report smallest = upToTheBreach(failed, law);
    int chunk = Math.max(1, smallest.scenario().acts().size() / 2);
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

  private Report upToTheBreach(Report failed, String law) {
    Scenario scenario = failed.scenario();
    List<Scenario.Timed> acts =
        scenario.acts().stream()
            .filter(timed -> timed.at().compareTo(failed.breaches().getFirst().at()) <= 0)
            .toList();
    if (acts.size() == scenario.acts().size()) {
      return failed;
    }
    tries++;
    Report tried = World.play(scenario.with(acts), interference.get());
    return isBroken(tried, law) ? tried : failed;
  }

  private static boolean isBroken(Report report, String law) {
    return report.breaches().stream().anyMatch(breach -> breach.law().equals(law));
  }

  /** The first try without {@code chunk} neighbouring acts that still fails, or the same again. */
  private Report without(Report report, int chunk, String law) {
    List<Scenario.Timed> acts = report.scenario().acts();
    for (int from = 0; from < acts.size() && tries < MOST_TRIES; from += chunk) {
      List<Scenario.Timed> fewer = new ArrayList<>(acts.subList(0, from));
      fewer.addAll(acts.subList(Math.min(acts.size(), from + chunk), acts.size()));
      tries++;
      Report tried = World.play(report.scenario().with(fewer), interference.get());
      if (isBroken(tried, law)) {
        return tried;
      }
    }
    return report;
  }
}
