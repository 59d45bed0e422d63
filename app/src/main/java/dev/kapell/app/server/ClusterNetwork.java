package dev.kapell.app.server;

import dev.kapell.app.cluster.DataDir;
import dev.kapell.host.net.Subnet;
import dev.kapell.network.NetworkOptions;
import java.net.InetAddress;
import java.nio.file.Path;

/** The address ranges of a cluster (DESIGN D12), and this node's share of them. */
public final class ClusterNetwork {
  /** All pods. */
  public static final Subnet PODS = Subnet.parse("10.42.0.0/16");

  /** The pods of the first node. */
  public static final Subnet NODE_PODS = Subnet.parse("10.42.0.0/24");

  /** All Services. */
  public static final Subnet SERVICES = Subnet.parse("10.43.0.0/16");

  /** Where pods ask for names. */
  public static final InetAddress DNS = SERVICES.host(10);

  /** The cluster's domain. */
  public static final String DOMAIN = "cluster.local";

  private static final int POD_MTU = 1400;

  private ClusterNetwork() {}

  /** What the network agent of node {@code nodeName} has to know. */
  public static NetworkOptions options(DataDir dataDir, String nodeName) {
    return options(dataDir, nodeName, DNS);
  }

  /** The same, with DNS at another address. */
  static NetworkOptions options(DataDir dataDir, String nodeName, InetAddress dns) {
    return new NetworkOptions(
        nodeName,
        PODS,
        NODE_PODS,
        SERVICES,
        dns,
        DOMAIN,
        Path.of("/etc/resolv.conf"),
        POD_MTU,
        dataDir.containerd().resolve("cni"),
        dataDir.cni().resolve("addresses"));
  }
}
