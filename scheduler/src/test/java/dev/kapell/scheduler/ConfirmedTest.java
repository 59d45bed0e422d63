package dev.kapell.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodAffinity;
import dev.kapell.api.core.v1.PodAffinityTerm;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.scheduler.cluster.Counted;
import dev.kapell.scheduler.cluster.NodeGroup;
import dev.kapell.scheduler.cluster.Tally;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.PodTerm;
import dev.kapell.scheduler.demand.ResourceNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A binding adds the labels of the node's zone to a pod that counts already. */
class ConfirmedTest {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private final Scene scene = new Scene();

  @Test
  void labelsThatABindingAddsChangeWhoIsMeantAndNothingElse() {
    scene.node("a", ZONE + "=here");
    Pod pod = scene.pod("web", "app=web");
    Demand demand = scene.demand(pod);
    Tally webs = tally("app", "web");
    Tally zoned = tally(ZONE, "here");
    scene.cluster.assume(pod, demand, 0);
    long point = scene.cluster.now();

    Map<String, String> labels = new HashMap<>(pod.metadata().labels());
    labels.put(ZONE, "here");
    Pod bound =
        pod.withMetadata(pod.metadata().withLabels(labels)).withSpec(pod.spec().withNodeName("a"));
    assertThat(scene.cluster.confirm(bound)).isTrue();

    assertThat(webs.total()).isEqualTo(1);
    assertThat(zoned.total()).isEqualTo(1);
    assertThat(scene.cluster.requested(0, ResourceNames.CPU))
        .isEqualTo(demand.request(ResourceNames.CPU));
    assertThat(scene.cluster.pods(0))
        .singleElement()
        .satisfies(
            placed -> {
              assertThat(placed.confirmed()).isTrue();
              assertThat(placed.demand()).isEqualTo(scene.demand(bound));
            });
    assertThat(
            scene.cluster.changedSince(
                point,
                row -> {
                  throw new AssertionError("row " + row + " takes in what it took in before");
                }))
        .isTrue();
  }

  @Test
  void whoWantsToBeNearALabelOfTheZoneHearsThatAPodHasGotIt() throws Exception {
    try (Harness harness = new Harness()) {
      harness.node("a", "4", n -> n.withMetadata(n.metadata().withLabels(Map.of(ZONE, "here"))));
      Pod follower = Harness.pod("follower", "100m");
      harness.create(follower.withSpec(follower.spec().withAffinity(near(ZONE, "here"))));
      Harness.await("the follower stuck", () -> !harness.explanation("follower").isEmpty());
      harness.create(Harness.pod("first", "100m"));
      Harness.await("the follower bound", () -> !harness.nodeOf("follower").isEmpty());
    }
  }

  private Tally tally(String label, String value) {
    PodTerm term = PodTerm.in("default", selector(label, value));
    return scene.cluster.tally(
        new Counted.Matching(List.of(term), false), "kubernetes.io/hostname", NodeGroup.ALL);
  }

  private static LabelSelector selector(String label, String value) {
    return LabelSelector.builder().matchLabels(Map.of(label, value)).build();
  }

  private static Affinity near(String label, String value) {
    PodAffinityTerm term =
        PodAffinityTerm.builder().topologyKey(ZONE).labelSelector(selector(label, value)).build();
    return Affinity.builder()
        .podAffinity(
            PodAffinity.builder()
                .requiredDuringSchedulingIgnoredDuringExecution(List.of(term))
                .build())
        .build();
  }
}
