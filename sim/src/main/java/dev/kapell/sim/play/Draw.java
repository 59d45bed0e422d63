package dev.kapell.sim.play;

import dev.kapell.base.Randomness;
import dev.kapell.sim.play.Scenario.Timed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Draws a scenario: a few workloads or a theme, what people do with them, and what breaks
 * meanwhile.
 */
final class Draw {
  private static final int SPAN_SECONDS = Sketch.SPAN_SECONDS;
  private static final List<String> SHARES = List.of("0", "1", "2", "25%", "50%", "100%");

  /** Themes have a chance of their own, so that one more does not change every scenario. */
  private static final long THEMES = 0x7E3E5L << 32;

  private final long seed;
  private final Randomness random;
  private final Randomness chance;
  private final List<Timed> acts = new ArrayList<>();
  private final int nodes;

  Draw(long seed) {
    this.seed = seed;
    this.random = Randomness.seeded(seed);
    this.chance = Randomness.seeded(seed ^ THEMES);
    this.nodes = 2 + random.nextInt(3);
  }

  /** What the world of {@code seed} is about. */
  static Theme theme(long seed) {
    return Theme.of(Randomness.seeded(seed ^ THEMES));
  }

  Scenario scenario() {
    Theme theme = Theme.of(chance);
    if (theme.hasUsualWorkloads()) {
      int workloads = 1 + random.nextInt(2);
      for (int i = 0; i < workloads; i++) {
        workload(i);
      }
    }
    Sketch sketch = new Sketch(chance, nodes);
    theme.draw(sketch);
    acts.addAll(sketch.acts());
    if (random.nextInt(3) == 0) {
      int start = 20 + random.nextInt(SPAN_SECONDS - 20);
      add(start, new Act.Drain(node(), seconds(30 + random.nextInt(60))));
    }
    int faults = random.nextInt(5);
    for (int i = 0; i < faults; i++) {
      add(random.nextInt(SPAN_SECONDS), fault());
    }
    acts.sort(Comparator.comparing(Timed::at));
    return new Scenario(seed, nodes, theme.managers(), acts);
  }

  private void add(int atSeconds, Act act) {
    acts.add(new Timed(seconds(atSeconds).plusMillis(random.nextInt(1000)), act));
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private String node() {
    return World.node(random.nextInt(nodes));
  }

  private String share() {
    return SHARES.get(random.nextInt(SHARES.size()));
  }

  private void workload(int number) {
    int at = 5 + random.nextInt(20);
    switch (random.nextInt(8)) {
      case 0 ->
          add(
              at,
              new Act.CreateJob(
                  "job-" + number,
                  1 + random.nextInt(6),
                  1 + random.nextInt(4),
                  random.nextInt(3),
                  1 + random.nextInt(15),
                  random.nextInt(4) == 0 ? 1 : 0));
      case 1 -> {
        String name = "set-" + number;
        add(at, new Act.CreateStatefulSet(name, random.nextInt(4), random.nextInt(3) == 0));
        add(at + random.nextInt(60), new Act.ScaleStatefulSet(name, random.nextInt(5)));
      }
      case 2 -> add(at, new Act.CreateDaemonSet("daemon-" + number));
      default -> deployment("web-" + number, at);
    }
  }

  private void deployment(String name, int at) {
    add(
        at,
        new Act.CreateDeployment(
            name,
            random.nextInt(6),
            share(),
            share(),
            random.nextInt(3) == 0 ? random.nextInt(6) : 0,
            50 + random.nextInt(10) * 50));
    if (random.nextInt(3) == 0) {
      add(at, new Act.CreateBudget("budget-" + name, name, share()));
    }
    if (random.nextInt(4) == 0) {
      add(at, new Act.CreateService(name, name));
    }
    int steps = random.nextInt(5);
    boolean paused = false;
    for (int i = 0; i < steps; i++) {
      int when = at + 1 + random.nextInt(SPAN_SECONDS - at - 1);
      switch (random.nextInt(6)) {
        case 0, 1 -> add(when, new Act.ScaleDeployment(name, random.nextInt(7)));
        case 2 -> {
          add(when, new Act.Pause(name, true));
          paused = true;
        }
        default -> add(when, new Act.SetImage(name, "web:" + (2 + random.nextInt(3))));
      }
    }
    if (paused) {
      add(SPAN_SECONDS, new Act.Pause(name, false));
    }
    if (random.nextInt(4) == 0) {
      add(SPAN_SECONDS + 1, new Act.DeleteDeployment(name, random.nextInt(2) == 0));
    }
  }

  private Act fault() {
    Duration lasts = seconds(5 + random.nextInt(60));
    return switch (random.nextInt(13)) {
      case 0 -> new Act.SlowStore(Duration.ofMillis(1 + random.nextInt(2000)), lasts);
      case 1 -> new Act.FailingStore(5 + random.nextInt(60), lasts);
      case 2 -> new Act.Conflicts(5 + random.nextInt(60), lasts);
      case 3 -> new Act.LateWatches(Duration.ofMillis(1 + random.nextInt(3000)), lasts);
      case 4 -> new Act.DroppedWatches();
      case 5, 6 -> new Act.Crash(1 + random.nextInt(40));
      case 7 -> new Act.PowerCut(node(), lasts.multipliedBy(2));
      case 8 -> new Act.Partition(node(), lasts.multipliedBy(2));
      case 9 -> new Act.SlowNode(node(), 2 + random.nextInt(5), lasts);
      case 10 -> new Act.LyingNode(node(), Duration.ofMillis(1 + random.nextInt(4000)), lasts);
      case 11 -> new Act.OutOfMemory(1 + random.nextInt(4));
      default -> new Act.ClockJump(seconds(random.nextInt(180) - 90));
    };
  }
}
