package dev.kapell.sim.node;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeAddress;
import dev.kapell.api.core.v1.NodeCondition;
import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.core.v1.NodeSystemInfo;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a simulated node tells of itself. Pure. */
final class NodeLife {
  private static final String VERSION = "v1.36.0";

  /** A status that says nothing new is told again after this. */
  private static final Duration HEARTBEAT = Duration.ofMinutes(5);

  private NodeLife() {}

  static Node fresh(Shape shape) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("kubernetes.io/hostname", shape.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", "amd64");
    labels.put("node.kubernetes.io/instance-type", "simulated");
    labels.putAll(shape.labels());
    return Node.builder()
        .metadata(ObjectMeta.builder().name(shape.name()).labels(labels).build())
        .build();
  }

  /**
   * The node as it should be told now; the same where nothing is due. What others have added to its
   * capacity (extended resources) can be allocated, as with a real agent.
   */
  static Node told(Node node, Shape shape, String address, Instant now) {
    List<NodeCondition> conditions = new ArrayList<>();
    for (NodeCondition condition : node.status().conditions()) {
      if (!OURS.containsKey(condition.typeOr(""))) {
        conditions.add(condition);
      }
    }
    OURS.forEach((type, status) -> conditions.add(condition(node, type, status, now)));
    Map<String, Quantity> capacity = new LinkedHashMap<>(node.status().capacity());
    capacity.putAll(shape.capacity());
    NodeStatus status =
        node.status().toBuilder()
            .capacity(capacity)
            .allocatable(capacity)
            .addresses(
                List.of(
                    NodeAddress.builder().type("InternalIP").address(address).build(),
                    NodeAddress.builder().type("Hostname").address(shape.name()).build()))
            .nodeInfo(info(shape))
            .conditions(conditions)
            .build();
    return node.withStatus(status);
  }

  private static final Map<String, String> OURS = ours();

  private static Map<String, String> ours() {
    Map<String, String> ours = new LinkedHashMap<>();
    ours.put("MemoryPressure", "False");
    ours.put("DiskPressure", "False");
    ours.put("PIDPressure", "False");
    ours.put("Ready", "True");
    return ours;
  }

  private static NodeCondition condition(Node node, String type, String status, Instant now) {
    NodeCondition before =
        node.status().conditions().stream()
            .filter(c -> c.typeOr("").equals(type) && c.statusOr("").equals(status))
            .findFirst()
            .orElse(NodeCondition.EMPTY);
    Instant told = before.lastHeartbeatTimeOr(Instant.MIN);
    boolean due = told.equals(Instant.MIN) || !now.isBefore(told.plus(HEARTBEAT));
    return NodeCondition.builder()
        .type(type)
        .status(status)
        .reason(type.equals("Ready") ? "KubeletReady" : "KubeletHasNo" + type)
        .message("the simulated node is well")
        .lastHeartbeatTime(due ? now : told)
        .lastTransitionTime(before.lastTransitionTimeOr(now))
        .build();
  }

  private static NodeSystemInfo info(Shape shape) {
    return NodeSystemInfo.builder()
        .architecture("amd64")
        .bootID("")
        .containerRuntimeVersion("simulated://1")
        .kernelVersion("simulated")
        .kubeProxyVersion(VERSION)
        .kubeletVersion(VERSION)
        .machineID(shape.name())
        .operatingSystem("linux")
        .osImage("Kapell simulation")
        .systemUUID(shape.name())
        .build();
  }
}
