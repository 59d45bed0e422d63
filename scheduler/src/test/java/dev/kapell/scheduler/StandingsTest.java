package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.scheduler.share.Definitions;
import dev.kapell.scheduler.share.Standing;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandingsTest {
  private static final List<Node> NODES =
      List.of(
          Node.builder()
              .metadata(ObjectMeta.builder().name("a").build())
              .status(
                  NodeStatus.builder()
                      .allocatable(
                          Map.of("cpu", Quantity.parse("8"), "memory", Quantity.parse("8Gi")))
                      .build())
              .build());

  private static Pod pod(String queue, String name, String cpu, String node) {
    Pod pod = Harness.pod(name, cpu);
    return pod.withMetadata(
            pod.metadata().withUid(name).withLabels(Map.of(BatchMarks.QUEUE, queue)))
        .withSpec(pod.spec().withNodeName(node.isEmpty() ? null : node));
  }

  @Test
  void aQueueShowsWhatItHasAndWhoWaits() {
    Definitions queues =
        Definitions.read(Map.of("idle", "", "busy", "{weight: 3, limit: {cpu: 7}}"));
    Pod first = pod("busy", "first", "1", "");
    Pod ended = pod("busy", "ended", "2", "a");
    List<Pod> pods =
        List.of(
            pod("busy", "runs", "1500m", "a"),
            pod("busy", "runs-too", "2500m", "a"),
            pod("busy", "last", "1", ""),
            first.withSpec(first.spec().withPriority(5)),
            ended.withStatus(ended.status().withPhase("Succeeded")),
            pod("", "nobodys", "1", "a"));

    List<Standing> standings = Standings.of(queues.queues(), NODES, pods);

    assertThat(standings)
        .extracting(standing -> standing.queue().name())
        .containsExactly("busy", "idle");
    Standing busy = standings.getFirst();
    assertThat(busy.use().dominant()).isEqualTo("cpu");
    assertThat(busy.use().share()).isEqualTo(0.5);
    assertThat(busy.use().ofEntitlement()).as("of six of eight").isEqualTo(4.0 / 6);
    assertThat(busy.use().amounts().get("cpu")).isEqualTo(Quantity.parse("4"));
    assertThat(busy.running()).isEqualTo(2);
    assertThat(busy.waiting())
        .containsExactly(new ObjectKey("default", "first"), new ObjectKey("default", "last"));
    assertThat(standings.getLast().use().share()).isZero();
  }

  @Test
  void waitingPodsAreNamedToThoseWhoMaySeeThem() {
    Definitions queues = Definitions.read(Map.of("busy", ""));
    Standing busy =
        Standings.of(queues.queues(), NODES, List.of(pod("busy", "p", "1", ""))).getFirst();
    assertThat(busy.tree(true).get("status"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("waitingPods", List.of("default/p"))
        .containsEntry("entitlementUsed", "0%")
        .containsEntry("waiting", 1L);
    assertThat(busy.tree(false).get("status"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .doesNotContainKey("waitingPods");
  }
}
