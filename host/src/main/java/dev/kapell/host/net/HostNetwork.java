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
    return new HostNetwork(
        new NftProgram(processes),
        new IpLinks(processes),
        new IpRoutes(processes),
        new IpNeighbors(processes),
        new ProcSysctls(java.nio.file.Path.of("/proc/sys")),
        new ConntrackProgram(processes));
  }
}
