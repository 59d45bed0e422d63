package dev.kapell.bench.controlling;

import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.KubeconfigFile;
import dev.kapell.client.http.RemoteClient;
import dev.kapell.control.cache.Caches;
import dev.kapell.host.file.DirectoryTree;
import dev.kapell.sim.node.Manners;
import dev.kapell.sim.node.Shape;
import dev.kapell.sim.node.SimulatedNodes;
import dev.kapell.sim.serve.ServedCluster;
import dev.kapell.sim.serve.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A cluster with simulated nodes, whose pods are ready as soon as they are bound. */
final class Ground implements AutoCloseable {
  private static final Manners QUICK =
      new Manners(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10));

  private static final String CPU = "64";
  private static final String MEMORY = "256Gi";
  private static final int WORKERS = 32;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Client client;
  private final Caches caches;

  private Ground(Path kubeconfig) {
    Connection connection = keep(Connection.to(KubeconfigFile.read(kubeconfig)));
    this.client = new RemoteClient(connection);
    this.caches = keep(new Caches(client, Clock.system()));
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /**
   * With so many nodes.
   *
   * @param peer the kubeconfig of a server that has no nodes; empty: one in this process
   */
  static Ground of(Optional<Path> peer, int nodes, int podsPerNode) throws IOException {
    if (peer.isPresent()) {
      Ground ground = new Ground(peer.get());
      ground.bringNodes(nodes, podsPerNode);
      return ground;
    }
    Path folder = Files.createTempDirectory("kapell-controlling-");
    Size size = new Size(nodes, 10, CPU, MEMORY, podsPerNode, 0);
    ServedCluster cluster =
        ServedCluster.start(new ServedCluster.Options(folder, "127.0.0.1", 0, 1, QUICK, size));
    Ground ground = new Ground(cluster.kubeconfig());
    ground.parts.addLast(cluster);
    ground.parts.addLast(() -> DirectoryTree.delete(folder));
    return ground;
  }

  private void bringNodes(int count, int podsPerNode) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shapes.add(Shape.of("bench-" + i, "zone-" + i % 10, CPU, MEMORY, podsPerNode));
    }
    keep(
        SimulatedNodes.start(
            new SimulatedNodes.Options(
                client, caches, Clock.system(), QUICK, Duration.ofSeconds(10), WORKERS),
            shapes));
  }

  /** May do everything. */
  Client client() {
    return client;
  }

  /** What this process knows of the cluster, over its API. */
  Caches caches() {
    return caches;
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot be taken down: " + part, e);
      }
    }
  }
}
