package dev.kapell.sim;

import dev.kapell.base.Clock;
import dev.kapell.sim.cluster.Interference;
import dev.kapell.sim.play.Report;
import dev.kapell.sim.play.Scenario;
import dev.kapell.sim.play.Shrinker;
import dev.kapell.sim.play.World;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Plays seeds: {@code Main SEED COUNT}. The first that breaks a law is made smaller, its story
 * printed, and the exit code is 1. {@code Main SEED hash} prints only the hash of one world's
 * history, to be compared with that of another process.
 */
public final class Main {
  private static final int TELL_EVERY = 1000;

  private Main() {}

  /** See above. */
  public static void main(String[] arguments) {
    if (arguments.length != 2) {
      System.err.println("usage: SEED COUNT, or SEED hash");
      System.exit(2);
    }
    long seed = Long.parseLong(arguments[0]);
    if (arguments[1].equals("hash")) {
      System.out.println(World.play(Scenario.of(seed)).hash());
      return;
    }
    System.exit(play(seed, Integer.parseInt(arguments[1]), Clock.system(), System.out) ? 0 : 1);
  }

  /** Plays {@code count} seeds from {@code first}; false when one has failed, which ends it. */
  static boolean play(long first, int count, Clock clock, PrintStream out) {
    long started = clock.nanoTime();
    long revisions = 0;
    Duration simulated = Duration.ZERO;
    for (int i = 0; i < count; i++) {
      Report report = World.play(Scenario.of(first + i));
      if (!report.passed()) {
        tell(report, out);
        return false;
      }
      revisions += report.revisions();
      simulated = simulated.plus(report.lasted());
      if ((i + 1) % TELL_EVERY == 0 || i + 1 == count) {
        double millis = (clock.nanoTime() - started) / 1e6;
        out.printf(
            "%d seeds passed, %.1f ms each; %d revisions in %d simulated hours%n",
            i + 1, millis / (i + 1), revisions, simulated.toHours());
      }
    }
    return true;
  }

  private static void tell(Report failed, PrintStream out) {
    out.println("seed " + failed.scenario().seed() + " fails; making it smaller");
    failed.breaches().forEach(out::println);
    new Shrinker(() -> Interference.NONE).shrink(failed).lines().forEach(out::println);
  }
}
