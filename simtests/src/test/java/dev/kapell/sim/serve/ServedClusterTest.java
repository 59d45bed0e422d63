package dev.kapell.sim.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.ApiObject;
import dev.kapell.api.ResourceType;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.http.Connection;
import dev.kapell.client.http.KubeconfigFile;
import dev.kapell.client.http.RemoteClient;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.sim.node.Manners;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServedClusterTest {
  private static final int PATIENCE_SECONDS = 60;

  @TempDir private Path folder;

  private ServedCluster serve(int nodes, int pods, int speed) throws IOException {
    Size size = new Size(nodes, 3, "8", "16Gi", 110, pods);
    return ServedCluster.start(
        new ServedCluster.Options(folder, "127.0.0.1", 0, speed, Manners.DEFAULT, size));
  }

  private static boolean isReady(Node node) {
    return node.status().conditions().stream()
        .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
  }

  private static boolean runs(Pod pod) {
    return pod.status().phaseOr("").equals("Running");
  }

  @ParameterizedTest(name = "{0} nodes, {1} pods, {2} times as fast")
  @CsvSource({"4, 20, 1", "300, 600, 10", "50, 100, 100"})
  void allNodesBecomeReadyAndAllPodsRun(int nodes, int pods, int speed) throws Exception {
    try (ServedCluster cluster = serve(nodes, pods, speed);
        Outside outside = new Outside(cluster)) {
      outside.await(Types.NODE, ServedClusterTest::isReady, nodes);
      outside.await(Types.POD, ServedClusterTest::runs, pods);
    }
  }

  @Test
  void aPodWithoutAProgramHasNoLogsAndSaysSo() throws Exception {
    try (ServedCluster cluster = serve(1, 1, 1);
        Outside outside = new Outside(cluster)) {
      Pod pod = outside.await(Types.POD, ServedClusterTest::runs, 1);
      Connection.Answer answer =
          outside.connection.get(
              "/api/v1/namespaces/default/pods/" + pod.metadata().name() + "/log", "*/*");
      assertThat(answer.code()).isEqualTo(503);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("is simulated");
    }
  }

  @Test
  void saysWhyAPodIsWhereItIs() throws Exception {
    try (ServedCluster cluster = serve(1, 1, 1);
        Outside outside = new Outside(cluster)) {
      Pod pod = outside.await(Types.POD, ServedClusterTest::runs, 1);
      Connection.Answer answer =
          outside.connection.get(
              "/apis/scheduling.kapell.dev/v1alpha1/namespaces/default/podexplanations/"
                  + pod.metadata().name(),
              "application/json");
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"Bound\"");
    }
  }

  /** A client like any other. */
  private static final class Outside implements AutoCloseable {
    private final Connection connection;
    private final Caches caches;

    Outside(ServedCluster cluster) throws IOException {
      connection = Connection.to(KubeconfigFile.read(cluster.kubeconfig()));
      caches = new Caches(new RemoteClient(connection), Clock.system());
    }

    /** Waits until there are {@code count} such objects; returns one of them. */
    <T extends ApiObject> T await(ResourceType<T> type, Predicate<T> wanted, int count)
        throws InterruptedException {
      Cache<T> cache = caches.of(type);
      Set<ObjectKey> there = ConcurrentHashMap.newKeySet();
      CountDownLatch reached = new CountDownLatch(1);
      cache.onChange(
          (before, after) -> {
            if (after != null && wanted.test(after)) {
              there.add(ObjectKey.of(after));
            } else {
              there.remove(ObjectKey.of(Objects.requireNonNull(after == null ? before : after)));
            }
            if (there.size() >= count) {
              reached.countDown();
            }
          });
      boolean inTime = reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(inTime).as("%s of %s %s in time", there.size(), count, type).isTrue();
      return cache.find(there.iterator().next()).orElseThrow();
    }

    @Override
    public void close() {
      caches.close();
      connection.close();
    }
  }
}
