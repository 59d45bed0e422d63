package dev.kapell.scheduler.why;

import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A cluster drawn by hand. */
final class Picture {
  final Cluster cluster = new Cluster(new ResourceNames());

  Picture node(String name, String cpu, String memory) {
    return node(name, cpu, memory, n -> n);
  }

  Picture node(String name, String cpu, String memory, UnaryOperator<Node> edit) {
    Map<String, Quantity> resources = new LinkedHashMap<>();
    resources.put("cpu", Quantity.parse(cpu));
    resources.put("memory", Quantity.parse(memory));
    resources.put("pods", Quantity.parse("110"));
    Node node =
        Node.builder()
            .metadata(
                ObjectMeta.builder()
                    .name(name)
                    .labels(Map.of("kubernetes.io/hostname", name))
                    .build())
            .status(NodeStatus.builder().capacity(resources).allocatable(resources).build())
            .build();
    cluster.putNode(edit.apply(node));
    return this;
  }

  Picture runs(String node, Pod pod) {
    cluster.putPod(pod.withSpec(pod.spec().withNodeName(node)));
    return this;
  }

  static Pod pod(String name, Map<String, String> requests) {
    Map<String, Quantity> quantities = new LinkedHashMap<>();
    requests.forEach((resource, amount) -> quantities.put(resource, Quantity.parse(amount)));
    return Pod.builder()
        .metadata(
            ObjectMeta.builder()
                .namespace("default")
                .name(name)
                .uid("uid-" + name)
                .labels(Map.of("app", "web"))
                .build())
        .spec(
            PodSpec.builder()
                .containers(
                    List.of(
                        Container.builder()
                            .name("main")
                            .image("web")
                            .resources(ResourceRequirements.builder().requests(quantities).build())
                            .build()))
                .build())
        .build();
  }

  static Pod pod(String name, String cpu) {
    return pod(name, Map.of("cpu", cpu));
  }

  View view() {
    return View.of(cluster);
  }

  Report why(Pod pod, Inquiry.Room room) {
    return new Inquiry(
            pod, List.of("default-scheduler"), Plugins.standard(), view(), List.of(), room)
        .report();
  }

  Report why(Pod pod) {
    return why(pod, (demand, rows) -> Optional.empty());
  }

  Survey survey(Pod pod) {
    return Survey.of(Demand.of(pod, cluster.names()), Plugins.standard(), view());
  }
}
