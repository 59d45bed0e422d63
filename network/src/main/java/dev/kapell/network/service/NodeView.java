package dev.kapell.network.service;

/**
 * What the rules have to know about this node and its cluster.
 *
 * @param nodeName the node's name, to tell its own pods
 * @param clusterCidr the addresses of all pods, for instance {@code 10.42.0.0/16}
 * @param podCidr the addresses of this node's pods
 * @param serviceCidr the addresses of all Services
 * @param dnsAddress the cluster DNS address, which the node answers itself; a Service that has it
 *     is left alone
 * @param zone where the node is, to tell what is near; empty when that is not known
 */
public record NodeView(
    String nodeName,
    String clusterCidr,
    String podCidr,
    String serviceCidr,
    String dnsAddress,
    String zone) {

  /** A node of which it is not known where it is. */
  public NodeView(
      String nodeName, String clusterCidr, String podCidr, String serviceCidr, String dnsAddress) {
    this(nodeName, clusterCidr, podCidr, serviceCidr, dnsAddress, "");
  }

  /** The same node in {@code other}. */
  NodeView in(String other) {
    return new NodeView(nodeName, clusterCidr, podCidr, serviceCidr, dnsAddress, other);
  }
}
