package dev.kapell.network.service;

import java.util.List;
import java.util.Optional;

/**
 * One port of one Service, or host port of one pod, as this node has to serve it. Pure data;
 * addresses are IPv4.
 *
 * @param owner whose port it is: {@code namespace/name} of a Service, {@code pod/namespace/name} of
 *     a pod
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param port the port at the cluster's addresses
 * @param clusterAddresses the Service's own addresses
 * @param externalAddresses external addresses that are routed here
 * @param balancerAddresses addresses of a load balancer that routes here
 * @param balancerSources the only sources, as CIDRs, that may use {@code balancerAddresses}; empty
 *     for all
 * @param nodePort the port at every address of the node, or 0
 * @param hostPorts ports that were asked for by annotation
 * @param anywhere the pods in the whole cluster
 * @param here those of them on this node
 * @param internalLocal packets from inside the cluster only go to pods on this node
 * @param externalLocal packets from outside only go to pods on this node, and keep their source
 * @param affinitySeconds how long a client stays with its pod, or empty
 */
record PortView(
    String owner,
    String protocol,
    int port,
    List<String> clusterAddresses,
    List<String> externalAddresses,
    List<String> balancerAddresses,
    List<String> balancerSources,
    int nodePort,
    List<HostPort> hostPorts,
    List<Backend> anywhere,
    List<Backend> here,
    boolean internalLocal,
    boolean externalLocal,
    Optional<Integer> affinitySeconds) {

  /** Copies the lists. */
  PortView {
    clusterAddresses = List.copyOf(clusterAddresses);
    externalAddresses = List.copyOf(externalAddresses);
    balancerAddresses = List.copyOf(balancerAddresses);
    balancerSources = List.copyOf(balancerSources);
    hostPorts = List.copyOf(hostPorts);
    anywhere = List.copyOf(anywhere);
    here = List.copyOf(here);
  }

  /** Nothing serves this port anywhere. */
  boolean isUnserved() {
    return anywhere.isEmpty();
  }
}
