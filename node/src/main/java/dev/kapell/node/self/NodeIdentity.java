package dev.kapell.node.self;

import java.util.List;
import java.util.Map;

/**
 * What the operator says of the node.
 *
 * @param name of the Node object
 * @param addresses the primary one first
 * @param labels beside the usual ones
 * @param port of the agent's own API
 * @param maxPods most pods at once
 * @param version of this software, as {@code kubeletVersion}
 */
public record NodeIdentity(
    String name,
    List<String> addresses,
    Map<String, String> labels,
    int port,
    int maxPods,
    String version) {
  /** Copies the collections. */
  public NodeIdentity {
    addresses = List.copyOf(addresses);
    labels = Map.copyOf(labels);
  }
}
