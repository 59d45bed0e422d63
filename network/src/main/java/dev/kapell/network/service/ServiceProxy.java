package dev.kapell.network.service;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.client.ObjectKey;
import dev.kapell.host.net.Conntrack;
import dev.kapell.host.net.NetworkFailure;
import dev.kapell.host.net.Nftables;
import dev.kapell.host.net.Sysctls;
import dev.kapell.network.nft.NftScript;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this node's nftables as the Services want them.
 *
 * <p>The first {@link #update} replaces the whole table, so whatever an earlier process left is
 * adopted or repaired in one step that no packet can see half of; each further one sends only the
 * difference. When the kernel refuses a difference, because somebody else touched the table, the
 * next update replaces again. Used by one thread.
 */
public final class ServiceProxy {
  private static final System.Logger LOG = System.getLogger("kapell.network");

  private final Nftables nftables;
  private final Conntrack conntrack;
  private NodeView node;
  private @Nullable Ruleset applied;
  private List<String> lastRefused = List.of();

  /** Nothing is touched before the first {@link #update}. */
  public ServiceProxy(Nftables nftables, Conntrack conntrack, NodeView node) {
    this.nftables = nftables;
    this.conntrack = conntrack;
    this.node = node;
  }

  /** Lets 127.0.0.1 lead to pods, as node ports on localhost need it. */
  public static void prepare(Sysctls sysctls) {
    sysctls.write("net.ipv4.conf.all.route_localnet", "1");
  }

  /** Removes the table and with it every trace of Services. */
  public static void remove(Nftables nftables) {
    nftables.apply(NftScript.remove(Tables.NAME));
  }

  /**
   * Makes the kernel agree with these Services. Throws {@link NetworkFailure} when it refuses even
   * the whole table; nothing has changed then, and the next call tries again.
   *
   * @param slices the EndpointSlices of a Service
   * @param pods the pods of this node, for their host ports
   */
  public void update(
      Collection<Service> services,
      Function<ObjectKey, List<EndpointSlice>> slices,
      Collection<Pod> pods) {
    List<PortView> ports = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (Service service : services) {
      ObjectKey key = ObjectKey.of(service);
      ports.addAll(PortViews.of(service, slices.apply(key), node));
      addWrongAnnotation(service, refused);
    }
    pods.forEach(pod -> ports.addAll(PodPorts.of(pod)));
    Ruleset wanted = Ruleset.decide(ports, node);
    refused.addAll(wanted.refused());
    report(refused);
    Ruleset before = applied;
    apply(before, wanted);
    applied = wanted;
    forget(before, wanted);
  }

  /** The node is in {@code zone}, as the next {@link #update} will take into account. */
  public void moveTo(String zone) {
    node = node.in(zone);
  }

  /** Whether {@link #update} has to hear of this pod. */
  public static boolean hasHostPorts(Pod pod) {
    return PodPorts.hasAny(pod);
  }

  private void apply(@Nullable Ruleset before, Ruleset wanted) {
    if (before != null) {
      String script = NftScript.difference(Tables.NAME, before.table(), wanted.table());
      if (script.isEmpty()) {
        return;
      }
      try {
        nftables.apply(script);
        return;
      } catch (NetworkFailure e) {
        LOG.log(Level.WARNING, "service table was touched, replacing it cause=" + e.getMessage());
        applied = null;
      }
    }
    nftables.apply(NftScript.replace(Tables.NAME, wanted.table()));
    LOG.log(Level.INFO, "service table replaced chains=" + wanted.table().chains().size());
  }

  /** UDP has no end of a connection: what leads to a pod that is gone has to be forgotten here. */
  private void forget(@Nullable Ruleset before, Ruleset wanted) {
    if (before == null) {
      return;
    }
    for (UdpPath path : forgotten(before.udpPaths(), wanted.udpPaths())) {
      conntrack.delete(
          new Conntrack.Match(
              "udp", addressOrNull(path.address()), path.port(), addressOrNull(path.backend())));
    }
  }

  /**
   * What conntrack has to forget: paths that are no longer right, and everything about an address
   * and port that is served for the first time, since packets may have passed it untranslated.
   */
  static Set<UdpPath> forgotten(Set<UdpPath> before, Set<UdpPath> now) {
    Set<UdpPath> stale = new HashSet<>(before);
    stale.removeAll(now);
    Set<UdpPath> served = new HashSet<>();
    before.forEach(path -> served.add(new UdpPath(path.address(), path.port(), "")));
    for (UdpPath path : now) {
      UdpPath door = new UdpPath(path.address(), path.port(), "");
      if (!served.contains(door)) {
        stale.add(door);
      }
    }
    return stale;
  }

  private static @Nullable InetAddress addressOrNull(String literal) {
    return literal.isEmpty() ? null : InetAddress.ofLiteral(literal);
  }

  private static void addWrongAnnotation(Service service, List<String> refused) {
    String annotation = service.metadata().annotations().getOrDefault(HostPort.ANNOTATION, "");
    try {
      HostPort.parse(annotation);
    } catch (IllegalArgumentException e) {
      refused.add(HostPort.ANNOTATION + " of " + ObjectKey.of(service) + ": " + e.getMessage());
    }
  }

  private void report(List<String> refused) {
    if (!refused.equals(lastRefused)) {
      lastRefused = List.copyOf(refused);
      refused.forEach(one -> LOG.log(Level.WARNING, "service port not served reason=" + one));
    }
  }
}
