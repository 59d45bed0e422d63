package dev.kapell.network.service;

import dev.kapell.network.nft.NftTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that this node's kernel has to know about Services.
 *
 * @param table the nftables table
 * @param udpPaths which conntrack entries of UDP are right; whatever was right before and is not
 *     any more has to be forgotten
 * @param refused what could not be honoured, one sentence each, for a log
 */
record Ruleset(NftTable table, Set<UdpPath> udpPaths, List<String> refused) {
  /** Copies the collections. */
  Ruleset {
    udpPaths = Set.copyOf(udpPaths);
    refused = List.copyOf(refused);
  }

  /**
   * Decides. When two Services ask for the same address and port, the first in {@code ports} has
   * it.
   */
  static Ruleset decide(Collection<PortView> ports, NodeView node) {
    NftTable.Builder table = Tables.frame(node);
    Set<UdpPath> paths = new HashSet<>();
    List<String> refused = new ArrayList<>();
    for (PortView port : ports) {
      for (String taken : PortRules.add(port, node, table)) {
        refused.add(taken + " of " + port.owner() + " belongs to somebody else already");
      }
      if (port.protocol().equals("udp")) {
        addPaths(port, paths);
      }
    }
    return new Ruleset(table.build(), paths, refused);
  }

  private static void addPaths(PortView port, Set<UdpPath> paths) {
    for (Backend backend : port.anywhere()) {
      for (List<String> addresses :
          List.of(port.clusterAddresses(), port.externalAddresses(), port.balancerAddresses())) {
        addresses.forEach(
            address -> paths.add(new UdpPath(address, port.port(), backend.address())));
      }
      if (port.nodePort() != 0) {
        paths.add(new UdpPath("", port.nodePort(), backend.address()));
      }
      port.hostPorts()
          .forEach(door -> paths.add(new UdpPath(door.address(), door.port(), backend.address())));
    }
  }
}
