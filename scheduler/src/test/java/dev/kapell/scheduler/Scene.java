package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.policy.v1.PodDisruptionBudget;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.storage.v1.CSIDriver;
import dev.kapell.api.storage.v1.CSINode;
import dev.kapell.api.storage.v1.CSIStorageCapacity;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.device.Devices;
import dev.kapell.scheduler.plugin.Budgets;
import dev.kapell.scheduler.plugin.Filter;
import dev.kapell.scheduler.plugin.Owners;
import dev.kapell.scheduler.plugin.Plugins;
import dev.kapell.scheduler.plugin.Score;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.storage.Promises;
import dev.kapell.scheduler.storage.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Nodes and pods without a server, to ask plugins about. */
final class Scene {
  final Map<String, Map<String, String>> namespaces = new HashMap<>();
  final Map<String, PersistentVolumeClaim> claims = new HashMap<>();
  final Map<String, PersistentVolume> volumes = new LinkedHashMap<>();
  final Map<String, StorageClass> classes = new HashMap<>();
  final Map<String, CSIDriver> drivers = new HashMap<>();
  final Map<String, CSINode> csiNodes = new HashMap<>();
  final List<CSIStorageCapacity> capacities = new ArrayList<>();
  final List<PodDisruptionBudget> budgets = new ArrayList<>();
  Optional<LabelSelector> owner = Optional.empty();
  Plugins plugins = Plugins.standard();
  final Cluster cluster =
      new Cluster(new ResourceNames(), name -> namespaces.getOrDefault(name, Map.of()));
  private int uids;

  View view() {
    return new View(
        cluster,
        new Storage(
            key -> Optional.ofNullable(claims.get(key.name())),
            name -> Optional.ofNullable(volumes.get(name)),
            type ->
                volumes.values().stream()
                    .filter(v -> v.spec().storageClassNameOr("").equals(type))
                    .toList(),
            name -> Optional.ofNullable(classes.get(name)),
            name -> Optional.ofNullable(drivers.get(name)),
            name -> Optional.ofNullable(csiNodes.get(name)),
            type -> capacities.stream().filter(c -> c.storageClassNameOr("").equals(type)).toList(),
            node -> List.of(),
            new Promises()),
        Devices.none(),
        owner.<Owners>map(selector -> demand -> Optional.of(selector)).orElse(Owners.NONE),
        new Budgets(
            namespace ->
                budgets.stream()
                    .filter(b -> b.metadata().namespaceOr("").equals(namespace))
                    .toList()));
  }

  /** A node with 4 CPUs and 8 GiB; labels are {@code key=value}. */
  Scene node(String name, String... labels) {
    return node(name, node -> node, labels);
  }

  Scene node(String name, UnaryOperator<Node> edit, String... labels) {
    Map<String, String> all = pairs(labels);
    all.put("kubernetes.io/hostname", name);
    Node node =
        Node.builder()
            .metadata(ObjectMeta.builder().name(name).labels(all).build())
            .status(
                NodeStatus.builder()
                    .allocatable(
                        Map.of(
                            "cpu", Quantity.parse("4"),
                            "memory", Quantity.parse("8Gi"),
                            "pods", Quantity.parse("110")))
                    .build())
            .build();
    cluster.putNode(edit.apply(node));
    return this;
  }

  static Map<String, String> pairs(String... labels) {
    Map<String, String> all = new TreeMap<>();
    for (String label : labels) {
      int at = label.indexOf('=');
      all.put(label.substring(0, at), label.substring(at + 1));
    }
    return all;
  }

  /** A pod of {@code default} that asks for a tenth of a CPU. */
  Pod pod(String name, String... labels) {
    Pod pod = Harness.pod(name, "100m");
    return pod.withMetadata(pod.metadata().withUid("uid-" + uids++).withLabels(pairs(labels)));
  }

  Scene place(Pod pod, String node) {
    cluster.putPod(pod.withSpec(pod.spec().withNodeName(node)));
    return this;
  }

  Demand demand(Pod pod) {
    return Demand.of(pod, cluster.names());
  }

  /** What the first filter that refuses says, by node; empty for those that fit. */
  Map<String, String> verdicts(Pod pod) {
    Demand demand = demand(pod);
    View view = view();
    Map<String, String> verdicts = new TreeMap<>();
    List<Filter.Check> checks =
        plugins.filters().stream().map(f -> f.prepare(demand, view)).toList();
    cluster.forEachRow(
        row ->
            verdicts.put(
                cluster.nodeOf(row).metadata().nameOr(""),
                checks.stream()
                    .map(check -> String.join(", ", check.reasons(row)))
                    .filter(reason -> !reason.isEmpty())
                    .findFirst()
                    .orElse("")));
    return verdicts;
  }

  /** The nodes that fit. */
  List<String> fitting(Pod pod) {
    return verdicts(pod).entrySet().stream()
        .filter(entry -> entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The points that one score gives, by node, rounded. */
  Map<String, Long> points(Pod pod, String scoreName) {
    Score score =
        plugins.scores().stream().filter(s -> s.name().equals(scoreName)).findFirst().orElseThrow();
    Score.Points points = score.prepare(demand(pod), view());
    List<String> names = new ArrayList<>();
    double[] values = new double[cluster.rows()];
    cluster.forEachRow(
        row -> {
          values[names.size()] = points.of(row);
          names.add(cluster.nodeOf(row).metadata().nameOr(""));
        });
    points.scale(values, names.size());
    Map<String, Long> rounded = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      rounded.put(names.get(i), Math.round(values[i]));
    }
    return rounded;
  }

  static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }
}
