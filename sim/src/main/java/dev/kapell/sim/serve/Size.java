package dev.kapell.sim.serve;

import dev.kapell.sim.node.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * How large a simulated cluster is.
 *
 * @param nodes how many
 * @param zones over which they are spread
 * @param cpu of each node, as a quantity
 * @param memory of each node, as a quantity
 * @param podsPerNode the most pods of a node
 * @param pods how many there are from the start, in deployments of at most {@link #LARGEST} pods
 */
public record Size(int nodes, int zones, String cpu, String memory, int podsPerNode, int pods) {
  /** The most replicas of one deployment. */
  public static final int LARGEST = 1000;

  static final String NAMESPACE = "default";

  List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>(nodes);
    for (int i = 0; i < nodes; i++) {
      shapes.add(Shape.of("node-" + i, "zone-" + i % zones, cpu, memory, podsPerNode));
    }
    return shapes;
  }
}
