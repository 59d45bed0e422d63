package dev.kapell.node.self;

import dev.kapell.api.core.v1.ContainerImage;
import dev.kapell.api.core.v1.DaemonEndpoint;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeAddress;
import dev.kapell.api.core.v1.NodeCondition;
import dev.kapell.api.core.v1.NodeDaemonEndpoints;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.NodeSystemInfo;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.control.storage.LocalStorage;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.runtime.Images;
import dev.kapell.host.runtime.RuntimeVersion;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the Node object says, from the machine's facts. Pure. */
final class NodeDescription {
  private static final int MOST_IMAGES = 50;

  private NodeDescription() {}

  /** The labels every node has. */
  static Map<String, String> labels(NodeIdentity identity, Machine.MachineInfo machine) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("kubernetes.io/hostname", identity.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", machine.architecture());
    labels.put("beta.kubernetes.io/os", "linux");
    labels.put("beta.kubernetes.io/arch", machine.architecture());
    labels.put("node.kubernetes.io/instance-type", "kapell");
    labels.putAll(identity.labels());
    return labels;
  }

  /**
   * A Node that is not registered yet.
   *
   * @param volumes the folder of its local volumes
   */
  static Node fresh(NodeIdentity identity, Machine.MachineInfo machine, Path volumes) {
    return Node.EMPTY.withMetadata(
        ObjectMeta.EMPTY
            .withName(identity.name())
            .withLabels(labels(identity, machine))
            .withAnnotations(
                Map.of(
                    "volumes.kubernetes.io/controller-managed-attach-detach",
                    "true",
                    LocalStorage.ROOT,
                    volumes.toAbsolutePath().normalize().toString())));
  }

  /** The machine's figures, which change seldom. */
  record Facts(
      Machine.MachineInfo machine,
      long diskBytes,
      RuntimeVersion runtime,
      List<Images.Image> images) {}

  static NodeStatus status(
      NodeStatus before, NodeIdentity identity, Facts facts, NodeHealth health, Instant now) {
    Map<String, Quantity> capacity = new LinkedHashMap<>();
    capacity.put("cpu", Quantity.of(facts.machine().cpus()));
    capacity.put("memory", Quantity.parse(facts.machine().memoryBytes() / 1024 + "Ki"));
    capacity.put("ephemeral-storage", Quantity.parse(facts.diskBytes() / 1024 + "Ki"));
    capacity.put("pods", Quantity.of(identity.maxPods()));
    withExtended(before.capacity(), capacity);
    return before.toBuilder()
        .capacity(capacity)
        .allocatable(capacity)
        .addresses(addresses(identity))
        .nodeInfo(info(identity, facts))
        .daemonEndpoints(
            NodeDaemonEndpoints.builder()
                .kubeletEndpoint(DaemonEndpoint.builder().port(identity.port()).build())
                .build())
        .images(images(facts.images()))
        .conditions(conditions(before.conditions(), health, now.truncatedTo(ChronoUnit.SECONDS)))
        .build();
  }

  /**
   * Extended resources are there to be given to pods as soon as somebody writes them into the
   * capacity, and until they are taken out of it, as with the kubelet.
   */
  private static void withExtended(Map<String, Quantity> before, Map<String, Quantity> capacity) {
    before.forEach(
        (name, amount) -> {
          if (name.contains("/")) {
            capacity.putIfAbsent(name, amount);
          }
        });
  }

  private static List<NodeAddress> addresses(NodeIdentity identity) {
    List<NodeAddress> addresses = new ArrayList<>();
    identity
        .addresses()
        .forEach(ip -> addresses.add(NodeAddress.builder().type("InternalIP").address(ip).build()));
    addresses.add(NodeAddress.builder().type("Hostname").address(identity.name()).build());
    return addresses;
  }

  private static NodeSystemInfo info(NodeIdentity identity, Facts facts) {
    Machine.MachineInfo machine = facts.machine();
    return NodeSystemInfo.builder()
        .architecture(machine.architecture())
        .bootID(machine.bootId())
        .containerRuntimeVersion(facts.runtime().url())
        .kernelVersion(machine.kernelVersion())
        .kubeProxyVersion(identity.version())
        .kubeletVersion(identity.version())
        .machineID(machine.machineId())
        .operatingSystem(machine.operatingSystem())
        .osImage(machine.osImage())
        .systemUUID(machine.systemUuid())
        .build();
  }

  private static List<ContainerImage> images(List<Images.Image> images) {
    return images.stream()
        .sorted(
            java.util.Comparator.comparingLong(Images.Image::sizeBytes)
                .reversed()
                .thenComparing(Images.Image::id))
        .limit(MOST_IMAGES)
        .map(
            i -> {
              List<String> names = new ArrayList<>(i.digests());
              names.addAll(i.tags());
              return ContainerImage.builder().names(names).sizeBytes(i.sizeBytes()).build();
            })
        .toList();
  }

  private static List<NodeCondition> conditions(
      List<NodeCondition> before, NodeHealth health, Instant now) {
    Map<String, NodeCondition> all = new LinkedHashMap<>();
    before.forEach(c -> all.put(c.typeOr(""), c));
    put(
        all,
        "MemoryPressure",
        health.memoryPressure(),
        "KubeletHasInsufficientMemory",
        "KubeletHasSufficientMemory",
        now);
    put(
        all,
        "DiskPressure",
        health.diskPressure(),
        "KubeletHasDiskPressure",
        "KubeletHasNoDiskPressure",
        now);
    put(
        all,
        "PIDPressure",
        health.pidPressure(),
        "KubeletHasInsufficientPID",
        "KubeletHasSufficientPID",
        now);
    put(all, "Ready", health.ready(), "KubeletReady", "KubeletNotReady", now);
    String message = health.ready() ? "the node agent is posting ready status" : health.message();
    all.computeIfPresent("Ready", (_, c) -> c.withMessage(message));
    return new ArrayList<>(all.values());
  }

  private static void put(
      Map<String, NodeCondition> all,
      String type,
      boolean holds,
      String yes,
      String no,
      Instant now) {
    NodeCondition before = all.remove(type);
    String status = holds ? "True" : "False";
    boolean same =
        before != null && before.statusOr("").equals(status) && before.lastTransitionTime() != null;
    all.put(
        type,
        NodeCondition.builder()
            .type(type)
            .status(status)
            .reason(holds ? yes : no)
            .message(holds ? yes : no)
            .lastHeartbeatTime(now)
            .lastTransitionTime(same && before != null ? before.lastTransitionTime() : now)
            .build());
  }
}
