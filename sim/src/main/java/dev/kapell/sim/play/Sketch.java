package dev.kapell.sim.play;

import dev.kapell.base.Randomness;
import dev.kapell.sim.play.Scenario.Timed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A scenario while it is drawn: chance, and the acts so far. */
final class Sketch {
  /** Acts begin within so many seconds. */
  static final int SPAN_SECONDS = 150;

  private final Randomness random;
  private final int nodes;
  private final List<Timed> acts = new ArrayList<>();

  Sketch(Randomness random, int nodes) {
    this.random = random;
    this.nodes = nodes;
  }

  /** A number from 0 to {@code bound - 1}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number from {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  boolean oneIn(int bound) {
    return random.nextInt(bound) == 0;
  }

  <T> T anyOf(List<T> choice) {
    return choice.get(random.nextInt(choice.size()));
  }

  String node() {
    return World.node(random.nextInt(nodes));
  }

  int nodes() {
    return nodes;
  }

  /** Does {@code act} within the second that begins then. */
  void add(int atSeconds, Act act) {
    acts.add(new Timed(Duration.ofSeconds(atSeconds).plusMillis(random.nextInt(1000)), act));
  }

  /** Creates what {@code yaml} says. */
  Manifest create(int atSeconds, String yaml) {
    Manifest manifest = new Manifest(yaml);
    add(atSeconds, new Act.Create(manifest));
    return manifest;
  }

  /** In order of time. */
  List<Timed> acts() {
    acts.sort(Comparator.comparing(Timed::at));
    return acts;
  }
}
