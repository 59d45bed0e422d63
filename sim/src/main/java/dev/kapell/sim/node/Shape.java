package dev.kapell.sim.node;

import dev.kapell.api.resource.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a simulated node is.
 *
 * @param name of its Node object
 * @param labels beside those that every node has
 * @param capacity cpu, memory, pods and what else it offers, all of it to pods
 */
public record Shape(String name, Map<String, String> labels, Map<String, Quantity> capacity) {
  /** Copies the maps, keeping their order. */
  public Shape {
    labels = new LinkedHashMap<>(labels);
    capacity = new LinkedHashMap<>(capacity);
  }

  /** A node in {@code zone}; {@code cpu} and {@code memory} as quantities. */
  public static Shape of(String name, String zone, String cpu, String memory, int pods) {
    Map<String, Quantity> capacity = new LinkedHashMap<>();
    capacity.put("cpu", Quantity.parse(cpu));
    capacity.put("memory", Quantity.parse(memory));
    capacity.put("ephemeral-storage", Quantity.parse("100Gi"));
    capacity.put("pods", Quantity.of(pods));
    return new Shape(name, Map.of("topology.kubernetes.io/zone", zone), capacity);
  }
}
