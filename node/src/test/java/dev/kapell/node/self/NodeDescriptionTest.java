package dev.kapell.node.self;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.NodeStatus;
import dev.kapell.api.resource.Quantity;
import dev.kapell.host.machine.SimulatedMachine;
import dev.kapell.host.runtime.RuntimeVersion;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeDescriptionTest {
  private static final String DONGLES = "example.com/dongle";

  private static NodeStatus next(NodeStatus before) {
    SimulatedMachine machine =
        new SimulatedMachine("n", InetAddress.ofLiteral("10.0.0.1"), 2, 4L << 30);
    return NodeDescription.status(
        before,
        new NodeIdentity("n", List.of("10.0.0.1"), Map.of(), 10250, 110, "v1"),
        new NodeDescription.Facts(
            machine.info(), 8L << 30, new RuntimeVersion("r", "1", "v1"), List.of()),
        new NodeHealth(true, "", false, false, false),
        Instant.EPOCH);
  }

  @Test
  void anExtendedResourceOfTheCapacityCanBeGivenToPods() {
    NodeStatus patched = next(NodeStatus.EMPTY).withCapacity(Map.of(DONGLES, Quantity.parse("5")));

    NodeStatus status = next(patched);

    assertThat(status.capacity()).containsEntry(DONGLES, Quantity.parse("5")).containsKey("cpu");
    assertThat(status.allocatable()).isEqualTo(status.capacity());
  }

  @Test
  void anExtendedResourceThatLeavesTheCapacityIsNotGivenAnyMore() {
    NodeStatus patched =
        next(NodeStatus.EMPTY).withAllocatable(Map.of(DONGLES, Quantity.parse("5")));

    assertThat(next(patched).allocatable()).doesNotContainKey(DONGLES);
  }
}
