package dev.kapell.app.command;

import dev.kapell.api.resource.Quantity;
import dev.kapell.app.server.ServerLog;
import dev.kapell.app.terminal.UserError;
import dev.kapell.base.Clock;
import dev.kapell.sim.node.Manners;
import dev.kapell.sim.serve.ServedCluster;
import dev.kapell.sim.serve.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kapell simulate}: a cluster of nodes that are no machines, until it is told to end. */
@Command(
    name = "simulate",
    description = {
      "Serves a cluster of simulated nodes to any client; ends with Ctrl-C.",
      "",
      "API server, controllers and scheduler are the real ones, on a store in memory. Nodes run no"
          + " container: a pod is ready a while after it was bound, and ends a while after it was"
          + " deleted. Annotations of a pod say otherwise: simulation.kapell.dev/start-seconds,"
          + " simulation.kapell.dev/run-seconds (then it ends), simulation.kapell.dev/exit-code.",
      ""
    })
final class SimulateCommand implements Callable<Integer> {
  private static final int MOST_SPEED = 1000;
  private static final long LOOK_MILLIS = 500;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many nodes (default: ${DEFAULT-VALUE}).")
  private int nodes = 10;

  @Option(
      names = "--pods",
      paramLabel = "M",
      defaultValue = "0",
      description = "Pods from the start, in deployments of up to 1000 (default: none).")
  private int pods;

  @Option(
      names = "--speed",
      paramLabel = "TIMES",
      defaultValue = "1",
      description = "How many times as fast as real time goes (default: ${DEFAULT-VALUE}).")
  private int speed = 1;

  @Option(
      names = "--node-cpu",
      paramLabel = "CPU",
      defaultValue = "32",
      description = "Processors of each node (default: ${DEFAULT-VALUE}).")
  private String cpu = "32";

  @Option(
      names = "--node-memory",
      paramLabel = "BYTES",
      defaultValue = "128Gi",
      description = "Memory of each node (default: ${DEFAULT-VALUE}).")
  private String memory = "128Gi";

  @Option(
      names = "--node-pods",
      paramLabel = "N",
      defaultValue = "110",
      description = "The most pods of each node (default: ${DEFAULT-VALUE}).")
  private int podsPerNode = 110;

  @Option(
      names = "--zones",
      paramLabel = "N",
      defaultValue = "3",
      description = "Zones that the nodes are spread over (default: ${DEFAULT-VALUE}).")
  private int zones = 3;

  @Option(
      names = "--start-delay",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "From the binding of a pod to its readiness (default: ${DEFAULT-VALUE}).")
  private int startSeconds = 2;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6443",
      description = "Port of the API, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port = 6443;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address that the API listens on (default: ${DEFAULT-VALUE}).")
  private String bind = "127.0.0.1";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "",
      description = "Where keys and kubeconfig are kept (default: a temporary folder).")
  private String dataDir = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    ServerLog.configureQuiet();
    ServedCluster.Options options = options();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> endAndWait(end, ended), "shutdown"));
    try (ServedCluster cluster = start(options)) {
      System.out.println("serving " + nodes + " simulated nodes at " + cluster.url());
      System.out.println("export KUBECONFIG=" + cluster.kubeconfig());
      tellWhenReady(cluster, end);
      end.await();
    } finally {
      ended.countDown();
    }
    return 0;
  }

  private static void endAndWait(CountDownLatch end, CountDownLatch ended) {
    end.countDown();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ServedCluster start(ServedCluster.Options options) {
    try {
      return ServedCluster.start(options);
    } catch (IOException e) {
      throw new UserError(
          "cannot serve at "
              + bind
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "); choose another --port");
    }
  }

  private ServedCluster.Options options() throws IOException {
    require(nodes >= 1, "--nodes", "at least 1");
    require(pods >= 0, "--pods", "at least 0");
    require(zones >= 1, "--zones", "at least 1");
    require(podsPerNode >= 1, "--node-pods", "at least 1");
    require(startSeconds >= 0, "--start-delay", "at least 0");
    require(speed >= 1 && speed <= MOST_SPEED, "--speed", "1 to " + MOST_SPEED);
    requireQuantity("--node-cpu", cpu);
    requireQuantity("--node-memory", memory);
    Path folder =
        dataDir.isEmpty() ? Files.createTempDirectory("kapell-simulate-") : Path.of(dataDir);
    Manners usual = Manners.DEFAULT;
    return new ServedCluster.Options(
        folder.toAbsolutePath(),
        bind,
        port,
        speed,
        new Manners(Duration.ofSeconds(startSeconds), usual.stop(), usual.run()),
        new Size(nodes, zones, cpu, memory, podsPerNode, pods));
  }

  private static void require(boolean holds, String option, String wanted) {
    if (!holds) {
      throw new UserError(option + " takes a number, " + wanted);
    }
  }

  private static void requireQuantity(String option, String text) {
    try {
      Quantity.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UserError(option + " takes a quantity such as 500m, 4 or 16Gi, not " + text);
    }
  }

  /** Says once how long it took until every node and pod was there. */
  private void tellWhenReady(ServedCluster cluster, CountDownLatch end)
      throws InterruptedException {
    Clock clock = Clock.system();
    long started = clock.nanoTime();
    while (!end.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      ServedCluster.Progress progress = cluster.progress();
      if (progress.readyNodes() >= nodes && progress.runningPods() >= pods) {
        System.out.printf(
            "%d nodes ready, %d pods running after %.1f s%n",
            progress.readyNodes(), progress.runningPods(), (clock.nanoTime() - started) / 1e9);
        return;
      }
    }
  }
}
