package dev.kapell.bench.controlling;

import com.sun.management.OperatingSystemMXBean;
import dev.kapell.api.Types;
import dev.kapell.base.Clock;
import dev.kapell.client.ListQuery;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Prints what the controllers do on this machine, as rows of a table.
 *
 * <p>{@code java -cp … dev.kapell.bench.controlling.Controlling [--kubeconfig FILE] ROW…}; without
 * a row, all of them; without a file, against a cluster in this process.
 */
public final class Controlling {
  private static final List<String> ALL = List.of("scale", "rollouts", "idle");
  private static final int NODES = 500;
  private static final int PODS_PER_NODE = 110;
  private static final Duration REST = Duration.ofSeconds(60);

  private final Optional<Path> peer;
  private final Clock clock = Clock.system();

  private Controlling(Optional<Path> peer) {
    this.peer = peer;
  }

  /** Runs the rows named. */
  public static void main(String[] arguments) throws Exception {
    List<String> rows = new ArrayList<>(List.of(arguments));
    Optional<Path> peer = Optional.empty();
    if (rows.size() > 1 && rows.getFirst().equals("--kubeconfig")) {
      peer = Optional.of(Path.of(rows.get(1)));
      rows = rows.subList(2, rows.size());
    }
    Controlling controlling = new Controlling(peer);
    for (String row : rows.isEmpty() ? ALL : rows) {
      int at = row.indexOf('=');
      String name = at < 0 ? row : row.substring(0, at);
      int size = at < 0 ? 0 : Integer.parseInt(row.substring(at + 1));
      switch (name) {
        case "scale" -> controlling.scale(size == 0 ? 10_000 : size);
        case "rollouts" -> controlling.rollOuts(size == 0 ? 1_000 : size, 3);
        case "idle" -> controlling.idle();
        default -> throw new IllegalArgumentException("no row " + row + "; there are " + ALL);
      }
    }
  }

  private void scale(int replicas) throws IOException, InterruptedException {
    try (Ground ground = Ground.of(peer, NODES, PODS_PER_NODE)) {
      if (peer.isEmpty()) {
        try (Workloads warm = new Workloads(ground.client(), ground.caches(), "bench-warm")) {
          warm.awaitNodes(NODES);
          warm.scale(3_000);
        }
      }
      try (Workloads workloads = new Workloads(ground.client(), ground.caches(), "bench-scale")) {
        workloads.awaitNodes(NODES);
        long used = processorNanos();
        double seconds = workloads.scale(replicas);
        print(
            String.format(Locale.ROOT, "Deployment of %,d replicas, scaled from 0", replicas),
            String.format(
                Locale.ROOT,
                "all ready after %.1f s, %.2f ms of this process a pod",
                seconds,
                (processorNanos() - used) / 1e6 / replicas));
      }
    }
  }

  private void rollOuts(int count, int replicas) throws IOException, InterruptedException {
    try (Ground ground = Ground.of(peer, NODES, PODS_PER_NODE);
        Workloads workloads = new Workloads(ground.client(), ground.caches(), "bench-rollouts")) {
      workloads.awaitNodes(NODES);
      double seconds = workloads.rollOut(count, replicas);
      print(
          String.format(Locale.ROOT, "rollout of %,d Deployments of %d at once", count, replicas),
          String.format(Locale.ROOT, "all done after %.1f s", seconds));
    }
  }

  /** Few nodes, so that their own leases hardly count. */
  private void idle() throws IOException, InterruptedException {
    if (peer.isPresent()) {
      throw new IllegalArgumentException("the row idle measures this process only");
    }
    int deployments = 50;
    int replicas = 1_000;
    try (Ground ground = Ground.of(peer, 100, 600);
        Workloads workloads = new Workloads(ground.client(), ground.caches(), "bench-idle")) {
      workloads.awaitNodes(100);
      workloads.create(deployments, replicas);
      workloads.awaitDone(deployments, replicas);
      LongAdder leases = new LongAdder();
      ground.caches().of(Types.LEASE).onChange((before, after) -> leases.increment());
      String what = String.format(Locale.ROOT, "%,d pods, 100 nodes", deployments * replicas);
      clock.sleep(REST);
      rest(what + ", second minute at rest", ground, leases);
      rest(what + ", third minute", ground, leases);
    }
  }

  private void rest(String what, Ground ground, LongAdder leases) throws InterruptedException {
    leases.reset();
    long revision = revision(ground);
    long used = processorNanos();
    long compiled = compilerNanos();
    clock.sleep(REST);
    double percent = (processorNanos() - used) * 100.0 / REST.toNanos();
    double compiling = (compilerNanos() - compiled) * 100.0 / REST.toNanos();
    print(
        what,
        String.format(
            Locale.ROOT,
            "%.2f %% of a core, of which %.2f %% for compiling, %,d writes in %d s, of which %,d"
                + " are the nodes' leases",
            percent,
            compiling,
            revision(ground) - revision,
            REST.toSeconds(),
            leases.sum()));
  }

  /** What this process has used of all cores so far. */
  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** How long the compiler has worked so far: what a younger process pays for being young. */
  private static long compilerNanos() {
    return TimeUnit.MILLISECONDS.toNanos(
        ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
  }

  /** Of the whole store: every write makes a new one. */
  private static long revision(Ground ground) {
    return Long.parseLong(ground.client().list(Types.NAMESPACE, ListQuery.ALL).resourceVersion());
  }

  private static void print(String what, String figure) {
    System.out.println("| " + what + " | " + figure + " |");
  }
}
