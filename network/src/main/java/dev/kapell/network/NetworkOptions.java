package dev.kapell.network;

import dev.kapell.host.net.Subnet;
import java.net.InetAddress;
import java.nio.file.Path;

/**
 * What a node's network has to know.
 *
 * @param nodeName the node's name
 * @param clusterCidr all pods, for instance {@code 10.42.0.0/16}
 * @param podCidr this node's pods, for instance {@code 10.42.0.0/24}
 * @param serviceCidr all Services, for instance {@code 10.43.0.0/16}
 * @param dnsAddress the cluster DNS address, for instance {@code 10.43.0.10}
 * @param domain for instance {@code cluster.local}
 * @param resolvConf the file that names the servers for all other names
 * @param mtu of the pods' interfaces, in bytes
 * @param cniConfDir where the container runtime looks for CNI configurations
 * @param ipamDir where the addresses in use are noted
 */
public record NetworkOptions(
    String nodeName,
    Subnet clusterCidr,
    Subnet podCidr,
    Subnet serviceCidr,
    InetAddress dnsAddress,
    String domain,
    Path resolvConf,
    int mtu,
    Path cniConfDir,
    Path ipamDir) {

  /** The port of DNS. */
  public static final int DNS_PORT = 53;
}
