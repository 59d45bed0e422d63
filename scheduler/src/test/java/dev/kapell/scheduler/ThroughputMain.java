package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.base.Clock;
import dev.kapell.scheduler.choice.Verdicts;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.extender.Extenders;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decisions a second, without an API server: 5,000 nodes, 30,000 pods of 50 templates. Run it by
 * hand; it prints one line.
 */
public final class ThroughputMain {
  private static final int NODES = 5_000;
  private static final int PODS = 30_000;
  private static final int TEMPLATES = 50;

  private ThroughputMain() {}

  public static void main(String[] args) throws InterruptedException {
    for (int round = 0; round < 3; round++) {
      run();
    }
  }

  private static void run() throws InterruptedException {
    Cluster cluster = new Cluster(new ResourceNames());
    View view = View.of(cluster);
    Verdicts verdicts = new Verdicts(Profile.standard(), view, Extenders.NONE);
    Map<String, Quantity> room =
        Map.of(
            "cpu", Quantity.parse("16"),
            "memory", Quantity.parse("64Gi"),
            "pods", Quantity.parse("110"));
    for (int i = 0; i < NODES; i++) {
      cluster.putNode(
          Node.builder()
              .metadata(ObjectMeta.builder().name("node-" + i).build())
              .status(NodeStatus.builder().allocatable(room).build())
              .build());
    }
    Clock clock = Clock.system();
    long started = clock.nanoTime();
    int placed = 0;
    for (int i = 0; i < PODS; i++) {
      Pod pod = pod(i);
      Demand demand = Demand.of(pod, cluster.names());
      Optional<Integer> row = verdicts.best(pod, demand).row();
      if (row.isPresent()) {
        cluster.assume(pod, demand, row.get());
        placed++;
      }
    }
    double seconds = (clock.nanoTime() - started) / 1e9;
    System.out.printf(
        "%d pods on %d nodes in %.2f s: %.0f decisions/s%n",
        placed, NODES, seconds, placed / seconds);
  }

  private static Pod pod(int number) {
    int template = number / (PODS / TEMPLATES);
    return Pod.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace("default")
                .name("pod-" + number)
                .uid("uid-" + number)
                .labels(Map.of("app", "app-" + template))
                .build())
        .spec(
            PodSpec.builder()
                .containers(
                    List.of(
                        Container.builder()
                            .name("main")
                            .resources(
                                ResourceRequirements.builder()
                                    .requests(
                                        Map.of(
                                            "cpu", Quantity.ofMilli(100 + template),
                                            "memory", Quantity.parse("128Mi")))
                                    .build())
                            .build()))
                .build())
        .build();
  }
}
