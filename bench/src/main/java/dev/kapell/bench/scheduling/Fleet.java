package dev.kapell.bench.scheduling;

import dev.kapell.api.core.v1.Affinity;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodAffinityTerm;
import dev.kapell.api.core.v1.PodAntiAffinity;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.core.v1.TopologySpreadConstraint;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import java.util.List;
import java.util.Map;

/** Nodes and pods that only exist as objects. Pure. */
final class Fleet {
  static final String NAMESPACE = "bench";
  static final String HIGH = "bench-high";
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final int ZONES = 10;
  private static final int TEMPLATES = 50;

  /** What pods ask for besides CPU and memory. */
  enum Kind {
    PLAIN,
    ANTI_AFFINITY,
    SPREAD,
    PREEMPTION
  }

  private Fleet() {}

  static Node node(int number) {
    String name = "node-" + number;
    return Node.builder()
        .metadata(
            ObjectMeta.builder()
                .name(name)
                .labels(Map.of("kubernetes.io/hostname", name, ZONE, "zone-" + number % ZONES))
                .build())
        .status(NodeStatus.builder().capacity(room()).allocatable(room()).build())
        .build();
  }

  private static Map<String, Quantity> room() {
    return Map.of(
        "cpu", Quantity.parse("4"),
        "memory", Quantity.parse("32Gi"),
        "pods", Quantity.parse("110"));
  }

  /** One of {@link #TEMPLATES} templates; those of one follow each other, as from a Deployment. */
  static Pod pod(Kind kind, int number, int pods) {
    String app = "app-" + (long) number * TEMPLATES / pods;
    PodSpec.Builder spec =
        PodSpec.builder()
            .terminationGracePeriodSeconds(0L)
            .containers(List.of(container("100m", "500Mi")));
    LabelSelector same = LabelSelector.builder().matchLabels(Map.of("app", app)).build();
    switch (kind) {
      case PLAIN -> {
        // Only resources.
      }
      case PREEMPTION -> spec.priorityClassName(HIGH).containers(List.of(container("3", "500Mi")));
      case ANTI_AFFINITY -> spec.affinity(apart(same));
      case SPREAD ->
          spec.topologySpreadConstraints(
              List.of(
                  TopologySpreadConstraint.builder()
                      .maxSkew(1)
                      .topologyKey(ZONE)
                      .whenUnsatisfiable("DoNotSchedule")
                      .labelSelector(same)
                      .build()));
    }
    return Pod.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace(NAMESPACE)
                .name("pod-" + number)
                .labels(Map.of("app", app))
                .build())
        .spec(spec.build())
        .build();
  }

  /** A pod that is in the way of {@link Kind#PREEMPTION}: one fills a node. */
  static Pod lesser(int number) {
    return Pod.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace(NAMESPACE)
                .name("lesser-" + number)
                .labels(Map.of("app", "lesser"))
                .build())
        .spec(
            PodSpec.builder()
                .terminationGracePeriodSeconds(0L)
                .containers(List.of(container("3500m", "500Mi")))
                .build())
        .build();
  }

  private static Affinity apart(LabelSelector same) {
    return Affinity.builder()
        .podAntiAffinity(
            PodAntiAffinity.builder()
                .requiredDuringSchedulingIgnoredDuringExecution(
                    List.of(
                        PodAffinityTerm.builder()
                            .topologyKey("kubernetes.io/hostname")
                            .labelSelector(same)
                            .build()))
                .build())
        .build();
  }

  private static Container container(String cpu, String memory) {
    return Container.builder()
        .name("main")
        .image("registry.example/app:1")
        .resources(
            ResourceRequirements.builder()
                .requests(Map.of("cpu", Quantity.parse(cpu), "memory", Quantity.parse(memory)))
                .build())
        .build();
  }
}
