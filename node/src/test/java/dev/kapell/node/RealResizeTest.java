package dev.kapell.node;

import static dev.kapell.node.RealNode.shell;
import static dev.kapell.node.RealNode.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.Quantity;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A container on a real containerd gets more and less while it runs. */
final class RealResizeTest {
  private static RealNode node;
  private static Cluster cluster;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    node = RealNode.start();
    cluster = node.cluster();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (node != null) {
      node.close();
    }
  }

  private static String resizing(Pod pod) {
    return pod.status().conditions().stream()
        .filter(c -> c.typeOr("").startsWith("PodResize"))
        .map(c -> c.typeOr("") + " " + c.reasonOr("") + " " + c.messageOr(""))
        .findFirst()
        .orElse("");
  }

  private static void awaitResized(String cpu, String memory) throws InterruptedException {
    cluster.await(
        "elastic",
        p ->
            resizing(p).isEmpty()
                && Cluster.amounts(cpu, memory).equals(Cluster.status(p, "app").resources()));
    String limit =
        node.exec(
            "elastic",
            "sh",
            "-c",
            "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null");
    assertThat(limit.strip()).isEqualTo(String.valueOf(Quantity.parse(memory).value()));
  }

  @Test
  void aRunningContainerIsResizedUpAndDownAndNeverBelowWhatItUses() throws InterruptedException {
    cluster.create(
        "elastic", spec(shell("sleep 3600").withResources(Cluster.amounts("200m", "64Mi"))));
    cluster.await("elastic", p -> Cluster.condition(p, "Ready"));
    cluster.resize("elastic", "400m", "128Mi");
    awaitResized("400m", "128Mi");
    cluster.resize("elastic", "100m", "96Mi");
    awaitResized("100m", "96Mi");
    cluster.resize("elastic", "300m", "64Mi");
    awaitResized("300m", "64Mi");
    node.exec("elastic", "dd", "if=/dev/zero", "of=/dev/shm/held", "bs=1M", "count=40");
    cluster.resize("elastic", "300m", "16Mi");
    cluster.await(
        "elastic",
        p ->
            resizing(p).startsWith("PodResizeInProgress Error attempting to set memory limit")
                && Cluster.amounts("300m", "64Mi").equals(Cluster.status(p, "app").resources()));
    node.exec("elastic", "rm", "/dev/shm/held");
    awaitResized("300m", "16Mi");
    Pod pod = cluster.pod("elastic").orElseThrow();
    assertThat(Cluster.status(pod, "app").restartCount()).isZero();
    cluster.delete("elastic", 1);
    cluster.awaitGone("elastic");
  }
}
