package dev.kapell.sim.play;

import dev.kapell.sim.law.Breach;
import dev.kapell.sim.story.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a world went.
 *
 * @param breaches laws that did not hold, the first first
 * @param history all of it, for its hash
 * @param revisions how many changes there were
 * @param steps how often a thread was let go on
 * @param lasted in the time of the world
 * @param story the last lines of what happened
 */
public record Report(
    Scenario scenario,
    List<Breach> breaches,
    History history,
    long revisions,
    long steps,
    Duration lasted,
    List<String> story) {
  /** Copies the lists. */
  public Report {
    breaches = List.copyOf(breaches);
    story = List.copyOf(story);
  }

  /** A hash over every byte of the history: the same for the same scenario. */
  public String hash() {
    return history.hash();
  }

  /** Whether every law held. */
  public boolean passed() {
    return breaches.isEmpty();
  }

  /** Everything that a person wants to know of a failure. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("seed " + scenario.seed() + ", " + scenario.nodes() + " nodes, hash " + hash());
    lines.add("acts:");
    scenario.acts().forEach(act -> lines.add("  " + act));
    lines.add("story:");
    story.forEach(line -> lines.add("  " + line));
    breaches.forEach(breach -> lines.add("BROKEN " + breach));
    return lines;
  }
}
