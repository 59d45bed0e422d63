package dev.kapell.network.service;

import dev.kapell.network.nft.NftTable;
import dev.kapell.network.nft.NftTable.Chain;
import java.util.List;

/** What the table holds besides the Services: hooks, maps and the rules for leaving the cluster. */
final class Tables {
  /** Family and name of the one table. */
  static final String NAME = "ip kapell";

  static final String ADDRESSES = "addresses";
  static final String PORTS = "ports";
  static final String UNSERVED_ADDRESSES = "unserved-addresses";
  static final String UNSERVED_PORTS = "unserved-ports";
  static final String HAIRPIN = "hairpin";
  static final String REFUSE = "refuse";

  /** A bit of the connection's mark: its source address has to become the node's. */
  static final String MARK_FOR_MASQUERADE = "ct mark set ct mark or 0x4000";

  private static final String BY_ADDRESS = "type ipv4_addr . inet_proto . inet_service : verdict;";
  private static final String BY_PORT = "type inet_proto . inet_service : verdict;";
  private static final String ADDRESS_KEY = "ip daddr . meta l4proto . th dport";
  private static final String PORT_KEY = "meta l4proto . th dport";

  private Tables() {}

  /** The table of a cluster without a Service. */
  static NftTable.Builder frame(NodeView node) {
    NftTable.Builder table =
        new NftTable.Builder()
            .map(ADDRESSES, BY_ADDRESS)
            .map(PORTS, BY_PORT)
            .map(UNSERVED_ADDRESSES, BY_ADDRESS)
            .map(UNSERVED_PORTS, BY_PORT)
            .set(HAIRPIN, "type ipv4_addr . ipv4_addr;");
    // A Service's address is never bound to an interface, the DNS address is: node ports end there.
    table.chain(
        "services",
        Chain.of(
            ADDRESS_KEY + " vmap @" + ADDRESSES,
            "ip daddr != "
                + (node.serviceCidr() + " fib daddr type local " + PORT_KEY + " vmap @" + PORTS)));
    // A reset arrives even while the connecting socket is locked, and is not rate-limited as ICMP
    // is.
    table.chain(REFUSE, Chain.of("meta l4proto tcp reject with tcp reset", "reject"));
    hook(table, "nat-in", "type nat hook prerouting priority dstnat;", "jump services");
    hook(table, "nat-out", "type nat hook output priority -100;", "jump services");
    String unserved = "ct state new " + ADDRESS_KEY + " vmap @" + UNSERVED_ADDRESSES;
    // What still has a Service's address here was not translated: nobody serves that port.
    String leftOver = "ip daddr " + node.serviceCidr() + " goto " + REFUSE;
    String notDns = "ip daddr != " + node.dnsAddress() + " ";
    hook(
        table, "unserved-forward", "type filter hook forward priority filter;", unserved, leftOver);
    hook(
        table,
        "unserved-out",
        "type filter hook output priority filter;",
        unserved,
        notDns + leftOver);
    hook(
        table,
        "unserved-in",
        "type filter hook input priority filter;",
        unserved,
        "ct state new " + PORT_KEY + " vmap @" + UNSERVED_PORTS);
    // route_localnet lets 127.0.0.1 lead to pods; nobody outside may use that the other way round.
    hook(
        table,
        "guard",
        "type filter hook prerouting priority raw;",
        "iifname != \"lo\" ip daddr 127.0.0.0/8 drop");
    // Only what a Service translated is a hairpin: a machine's talk with itself is left alone, also
    // when it is older than this table and first seen in the middle.
    hook(
        table,
        "leave",
        "type nat hook postrouting priority srcnat;",
        "ct mark & 0x4000 == 0x4000 masquerade fully-random",
        "ct status dnat ip saddr . ip daddr @" + HAIRPIN + " masquerade fully-random",
        "ip saddr "
            + node.podCidr()
            + (" ip daddr != { " + node.clusterCidr() + ", 224.0.0.0/4 } masquerade fully-random"));
    return table;
  }

  private static void hook(NftTable.Builder table, String name, String hook, String... rules) {
    table.chain(name, new Chain(hook, List.of(rules)));
  }
}
