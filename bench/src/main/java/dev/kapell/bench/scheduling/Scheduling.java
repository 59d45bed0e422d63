package dev.kapell.bench.scheduling;

import dev.kapell.host.file.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints what the scheduler does in a second on this machine, as rows of a table.
 *
 * <p>{@code java -cp … dev.kapell.bench.scheduling.Scheduling ROW…}; without a row, all of them.
 */
public final class Scheduling {
  private static final List<String> ALL =
      List.of("placement", "live", "backlog", "large", "anti-affinity", "spread", "preemption");

  private Scheduling() {}

  /** Runs the rows named. */
  public static void main(String[] arguments) throws Exception {
    List<String> rows = arguments.length == 0 ? ALL : List.of(arguments);
    if (!rows.equals(List.of("placement"))) {
      bound("(warming up)", 500, b -> b.backlog(plain(), 8_000));
    }
    for (String row : rows) {
      switch (row) {
        case "placement" -> placement();
        case "live" -> bound("500 nodes, 5,000 pods, live", 500, b -> b.live(plain(), 5_000));
        case "backlog" ->
            bound("500 nodes, 5,000 pods, backlog", 500, b -> b.backlog(plain(), 5_000));
        case "large" -> bound("5,000 nodes, 30,000 pods", 5_000, b -> b.backlog(plain(), 30_000));
        case "anti-affinity" ->
            bound(
                "5,000 nodes, 30,000 pods, anti-affinity",
                5_000,
                b -> b.backlog(Fleet.Kind.ANTI_AFFINITY, 30_000));
        case "spread" ->
            bound(
                "5,000 nodes, 30,000 pods, spread over zones",
                5_000,
                b -> b.backlog(Fleet.Kind.SPREAD, 30_000));
        case "preemption" ->
            bound(
                "5,000 nodes, 5,000 pods that preempt one each",
                5_000,
                b -> b.preemption(5_000, 5_000));
        default -> throw new IllegalArgumentException("no row " + row + "; there are " + ALL);
      }
    }
  }

  private static Fleet.Kind plain() {
    return Fleet.Kind.PLAIN;
  }

  private static void placement() throws InterruptedException {
    for (Fleet.Kind kind : List.of(Fleet.Kind.PLAIN, Fleet.Kind.ANTI_AFFINITY, Fleet.Kind.SPREAD)) {
      Placements.nanosEach(kind, 1_500);
      Placements.nanosEach(kind, 15_000);
      double small = Placements.nanosEach(kind, 1_500);
      double large = Placements.nanosEach(kind, 15_000);
      print(
          "one placement, " + kind.name().toLowerCase(Locale.ROOT) + ": 1,500; 15,000 nodes",
          String.format(
              Locale.ROOT, "%.1f; %.1f µs, %.2f ×", small / 1000, large / 1000, large / small));
    }
  }

  /** Something that is measured. */
  @FunctionalInterface
  private interface Measured {
    double podsPerSecond(Bound bound) throws InterruptedException;
  }

  private static void bound(String what, int nodes, Measured measured)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("kapell-scheduling-");
    try (Bound bound = new Bound(folder)) {
      bound.nodes(nodes);
      double each = measured.podsPerSecond(bound);
      print(
          what,
          String.format(
              Locale.ROOT, "%,.0f pods/s bound, %.0f µs of processor each", each, bound.micros()));
    } finally {
      DirectoryTree.delete(folder);
    }
  }

  private static void print(String what, String figure) {
    System.out.println("| " + what + " | " + figure + " |");
  }
}
