package dev.kapell.host.net;

import dev.kapell.host.process.Processes;

/** The doors to one machine's network. */
public record HostNetwork(
    Nftables nftables,
    Links links,
    Routes routes,
    Neighbors neighbors,
    Sysctls sysctls,
    Conntrack conntrack) {

  /** The network namespace this process lives in. */
  public static HostNetwork ofThisMachine(Processes processes) {
    throw new UnsupportedOperationException("soon");
  }
}
