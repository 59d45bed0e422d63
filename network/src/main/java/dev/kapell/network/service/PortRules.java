package dev.kapell.network.service;

import dev.kapell.network.nft.NftTable;
import dev.kapell.network.nft.NftTable.Chain;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The chains, sets and map entries of one port. Pure.
 *
 * <pre>
 * clusterips ─▶ svc-… (every pod)   or loc-… (pods here)      internal traffic
 * nodeports  ─▶ ext-… ─▶ masquerade ─▶ svc-…                  external, policy Cluster
 *                     └▶ loc-… for strangers                  external, policy Local
 * unserved-… ─▶ refuse                                        nobody there
 * </pre>
 *
 * With affinity, {@code svc-} and {@code loc-} first look the client up in one set for each pod and
 * then go through {@code ep-} chains, which remember it.
 */
final class PortRules {
  private static final int READABLE_LENGTH = 60;

  private final PortView view;
  private final NodeView node;
  private final NftTable.Builder table;
  private final String id;

  private PortRules(PortView view, NodeView node, NftTable.Builder table) {
    this.view = view;
    this.node = node;
    this.table = table;
    this.id = id(view);
  }

  /**
   * Adds one port to {@code table}.
   *
   * @return the addresses and ports that another Service has taken before, for a log
   */
  static List<String> add(PortView view, NodeView node, NftTable.Builder table) {
    return new PortRules(view, node, table).add();
  }

  private List<String> add() {
    List<String> taken = new ArrayList<>();
    if (view.isUnserved()) {
      refuse(taken);
      return taken;
    }
    boolean hasDoors = hasExternalDoors();
    balance("svc-", view.anywhere());
    if (!view.here().isEmpty() && (view.internalLocal() || (hasDoors && view.externalLocal()))) {
      balance("loc-", view.here());
    }
    for (Backend backend : view.anywhere()) {
      table.element(Tables.HAIRPIN, backend.address() + " . " + backend.address());
    }
    String internal =
        !view.internalLocal() ? jump("svc-") : view.here().isEmpty() ? "drop" : jump("loc-");
    for (String address : view.clusterAddresses()) {
      claim(Tables.ADDRESSES, at(address, view.port()), internal, taken);
    }
    if (hasDoors) {
      openDoors(taken);
    }
    return taken;
  }

  private boolean hasExternalDoors() {
    return view.nodePort() != 0
        || !view.externalAddresses().isEmpty()
        || !view.balancerAddresses().isEmpty()
        || !view.hostPorts().isEmpty();
  }

  private void openDoors(List<String> taken) {
    table.chain("ext-" + id, new Chain("", view.externalLocal() ? localDoor() : clusterDoor()));
    String balancer = jump("ext-");
    if (!view.balancerSources().isEmpty() && !view.balancerAddresses().isEmpty()) {
      String sources = String.join(", ", view.balancerSources());
      table.chain("lb-" + id, Chain.of("ip saddr != { " + sources + " } drop", "goto ext-" + id));
      balancer = jump("lb-");
    }
    for (String address : view.externalAddresses()) {
      claim(Tables.ADDRESSES, at(address, view.port()), jump("ext-"), taken);
    }
    for (String address : view.balancerAddresses()) {
      claim(Tables.ADDRESSES, at(address, view.port()), balancer, taken);
    }
    if (view.nodePort() != 0) {
      claim(Tables.PORTS, at(view.nodePort()), jump("ext-"), taken);
    }
    for (HostPort door : view.hostPorts()) {
      if (door.address().isEmpty()) {
        claim(Tables.PORTS, at(door.port()), jump("ext-"), taken);
      } else {
        claim(Tables.ADDRESSES, at(door.address(), door.port()), jump("ext-"), taken);
      }
    }
  }

  private List<String> clusterDoor() {
    return List.of(Tables.MARK_FOR_MASQUERADE, "goto svc-" + id);
  }

  /** Pods and the node itself reach every pod; a stranger only those here, with his own address. */
  private List<String> localDoor() {
    return List.of(
        "ip saddr " + node.clusterCidr() + " goto svc-" + id,
        "fib saddr type local " + Tables.MARK_FOR_MASQUERADE + " goto svc-" + id,
        view.here().isEmpty() ? "drop" : "goto loc-" + id);
  }

  private void balance(String prefix, List<Backend> backends) {
    if (view.affinitySeconds().isEmpty()) {
      table.chain(
          prefix + id, Chain.of("meta l4proto " + view.protocol() + " " + spread(backends)));
      return;
    }
    int seconds = view.affinitySeconds().get();
    List<String> rules = new ArrayList<>();
    List<String> choices = new ArrayList<>();
    for (Backend backend : backends) {
      String tail = id + "-" + backend.address() + "-" + backend.port();
      String clients = "aff-" + seconds + "-" + tail;
      table.set(
          clients, "type ipv4_addr; flags dynamic,timeout; size 65535; timeout " + seconds + "s;");
      table.chain(
          "ep-" + tail,
          Chain.of(
              "update @" + clients + " { ip saddr }",
              "meta l4proto " + view.protocol() + " " + spread(List.of(backend))));
      rules.add("ip saddr @" + clients + " goto ep-" + tail);
      choices.add(choices.size() + " : goto ep-" + tail);
    }
    rules.add(
        "numgen random mod " + choices.size() + " vmap { " + String.join(", ", choices) + " }");
    table.chain(prefix + id, new Chain("", rules));
  }

  private static String spread(List<Backend> backends) {
    if (backends.size() == 1) {
      return "dnat ip to " + backends.getFirst().address() + ":" + backends.getFirst().port();
    }
    List<String> choices = new ArrayList<>();
    for (Backend backend : backends) {
      choices.add(choices.size() + " : " + backend.address() + " . " + backend.port());
    }
    String map = String.join(", ", choices);
    return "dnat ip to numgen random mod " + backends.size() + " map { " + map + " }";
  }

  /** The cluster's own addresses need nothing: what is left over for them is refused as a whole. */
  private void refuse(List<String> taken) {
    String refuse = "goto " + Tables.REFUSE;
    for (List<String> addresses : List.of(view.externalAddresses(), view.balancerAddresses())) {
      for (String address : addresses) {
        claim(Tables.UNSERVED_ADDRESSES, at(address, view.port()), refuse, taken);
      }
    }
    if (view.nodePort() != 0) {
      claim(Tables.UNSERVED_PORTS, at(view.nodePort()), refuse, taken);
    }
    for (HostPort door : view.hostPorts()) {
      if (door.address().isEmpty()) {
        claim(Tables.UNSERVED_PORTS, at(door.port()), refuse, taken);
      } else {
        claim(Tables.UNSERVED_ADDRESSES, at(door.address(), door.port()), refuse, taken);
      }
    }
  }

  private void claim(String map, String key, String verdict, List<String> taken) {
    if (!table.claim(map, key, verdict)) {
      taken.add(key);
    }
  }

  private String jump(String prefix) {
    return "goto " + prefix + id;
  }

  private String at(String address, int port) {
    return address + " . " + view.protocol() + " . " + port;
  }

  private String at(int port) {
    return view.protocol() + " . " + port;
  }

  /**
   * A name that is the same on every node and after every restart: readable as far as fits, and a
   * checksum so that it is nobody else's.
   */
  private static String id(PortView view) {
    String whole = view.owner() + "/" + view.protocol() + "/" + view.port();
    CRC32C sum = new CRC32C();
    sum.update(whole.getBytes(StandardCharsets.UTF_8));
    String readable =
        whole.length() <= READABLE_LENGTH ? whole : whole.substring(0, READABLE_LENGTH);
    return HexFormat.of().toHexDigits((int) sum.getValue()) + "-" + readable.replace('/', '.');
  }
}
