package dev.kapell.sim.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.resource.Quantity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeLifeTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Shape SHAPE = Shape.of("n", "z", "4", "8Gi", 110);

  private static Node told(Node node) {
    return NodeLife.told(node, SHAPE, "10.64.0.1", NOW);
  }

  @Test
  void saysNothingTwice() {
    Node node = told(NodeLife.fresh(SHAPE));
    assertThat(told(node)).isEqualTo(node);
  }

  @Test
  void whatOthersAddToItsCapacityCanBeAllocatedUntilTheyTakeItAway() {
    Node node = told(NodeLife.fresh(SHAPE));
    Map<String, Quantity> more = new LinkedHashMap<>(node.status().capacity());
    more.put("example.com/gpu", Quantity.of(5));
    Node added = told(node.withStatus(node.status().withCapacity(more)));
    assertThat(added.status().allocatable()).containsEntry("example.com/gpu", Quantity.of(5));

    Node taken = added.withStatus(added.status().withCapacity(node.status().capacity()));
    assertThat(told(taken)).isEqualTo(node);
  }
}
