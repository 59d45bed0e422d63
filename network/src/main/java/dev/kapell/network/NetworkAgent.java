package dev.kapell.network;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.Service;
import dev.kapell.api.discovery.v1.EndpointSlice;
import dev.kapell.base.Backoff;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.base.TaskScope;
import dev.kapell.client.ListQuery;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.cache.Index;
import dev.kapell.host.net.HostNetwork;
import dev.kapell.host.net.NetworkFailure;
import dev.kapell.host.net.Subnet;
import dev.kapell.network.cni.PodNetwork;
import dev.kapell.network.dns.ClusterNames;
import dev.kapell.network.dns.DnsServer;
import dev.kapell.network.service.HealthPorts;
import dev.kapell.network.service.NodeView;
import dev.kapell.network.service.ServiceProxy;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The network of one node while it runs.
 *
 * <p>A change in a cache only leaves a note that something changed. One thread takes the note,
 * waits a moment so that a burst becomes one update, and then brings DNS and nftables up to date
 * with all that the caches hold. Closing it stops DNS and the updates; the rules stay, so that pods
 * are served while Kapell is away. {@link #remove} takes everything out of the kernel.
 */
public final class NetworkAgent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.network");
  private static final String LOOPBACK = "lo";
  private static final Duration BURST = Duration.ofMillis(20);
  private static final Duration SYNC_CHECK = Duration.ofSeconds(30);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

  private static final Index.Keys<EndpointSlice, ObjectKey> BY_SERVICE =
      slice -> {
        String service = slice.metadata().labels().get("kubernetes.io/service-name");
        return service == null
            ? List.of()
            : List.of(new ObjectKey(slice.metadata().namespaceOr(""), service));
      };

  private final Clock clock;
  private final Cache<Service> services;
  private final Cache<EndpointSlice> slices;
  private final Index<EndpointSlice, ObjectKey> slicesByService;
  private final Cache<Pod> pods;
  private final Cache<Node> node;
  private final ServiceProxy proxy;
  private final HealthPorts healthPorts;
  private final DnsServer dns;
  private final ClusterNames names;
  private final BlockingQueue<Boolean> dirty = new ArrayBlockingQueue<>(1);
  private final List<Cache.Registration> registrations;
  private final TaskScope scope =
      new TaskScope(
          "network", (task, cause) -> LOG.log(Level.ERROR, "network ended task=" + task, cause));

  private NetworkAgent(
      NetworkOptions options, HostNetwork network, Caches caches, Clock clock, DnsServer dns) {
    this.clock = clock;
    this.services = caches.of(Types.SERVICE);
    this.slices = caches.of(Types.ENDPOINT_SLICE);
    this.slicesByService = slices.index(BY_SERVICE);
    this.pods = caches.of(Types.POD, ListQuery.ALL.fields("spec.nodeName=" + options.nodeName()));
    this.node = caches.of(Types.NODE, ListQuery.ALL.fields("metadata.name=" + options.nodeName()));
    this.proxy = new ServiceProxy(network.nftables(), network.conntrack(), nodeView(options));
    this.healthPorts = new HealthPorts(options.nodeName());
    this.dns = dns;
    this.names = new ClusterNames(dns, options.domain());
    this.registrations =
        List.of(
            services.onChange((before, after) -> dirty.offer(true)),
            slices.onChange((before, after) -> dirty.offer(true)),
            node.onChange(
                (before, after) -> {
                  if (!zone(before).equals(zone(after))) {
                    dirty.offer(true);
                  }
                }),
            pods.onChange(
                (before, after) -> {
                  if (hasHostPorts(before) || hasHostPorts(after)) {
                    dirty.offer(true);
                  }
                }));
    dirty.offer(true);
  }

  /**
   * Wires the node and starts to follow the API server.
   *
   * @throws IOException when the CNI configuration cannot be written, or somebody else listens on
   *     the DNS address
   * @throws NetworkFailure when the kernel refuses
   */
  public static NetworkAgent start(
      NetworkOptions options, HostNetwork network, Caches caches, Clock clock) throws IOException {
    ServiceProxy.prepare(network.sysctls());
    network.links().addAddress(LOOPBACK, single(options));
    podNetwork(options, network).up();
    DnsServer dns =
        DnsServer.start(
            new DnsServer.DnsOptions(
                options.dnsAddress(),
                NetworkOptions.DNS_PORT,
                options.domain(),
                options.resolvConf(),
                Randomness.secure()));
    NetworkAgent agent = new NetworkAgent(options, network, caches, clock, dns);
    agent.scope.start("follow", agent::follow);
    return agent;
  }

  /**
   * Takes out of the kernel and off the disk whatever an agent with these options has put there.
   * Repeatable; no agent and no pod may run.
   */
  public static void remove(NetworkOptions options, HostNetwork network) throws IOException {
    ServiceProxy.remove(network.nftables());
    podNetwork(options, network).remove();
    network.links().deleteAddress(LOOPBACK, single(options));
  }

  private static String zone(@Nullable Node node) {
    return node == null
        ? ""
        : node.metadata().labels().getOrDefault("topology.kubernetes.io/zone", "");
  }

  private static boolean hasHostPorts(@Nullable Pod pod) {
    return pod != null && ServiceProxy.hasHostPorts(pod);
  }

  private static PodNetwork podNetwork(NetworkOptions options, HostNetwork network) {
    return new PodNetwork(
        network,
        new PodNetwork.Settings(
            options.podCidr(),
            options.serviceCidr(),
            options.mtu(),
            options.cniConfDir(),
            options.ipamDir()));
  }

  private static Subnet single(NetworkOptions options) {
    return new Subnet(options.dnsAddress(), options.dnsAddress().getAddress().length * 8);
  }

  private static NodeView nodeView(NetworkOptions options) {
    return new NodeView(
        options.nodeName(),
        options.clusterCidr().toString(),
        options.podCidr().network().toString(),
        options.serviceCidr().toString(),
        options.dnsAddress().getHostAddress());
  }

  /** The port on which DNS is served at the cluster DNS address. */
  public int dnsPort() {
    return dns.port();
  }

  private void follow() throws InterruptedException {
    while (!(services.awaitSynced(SYNC_CHECK)
        && slices.awaitSynced(SYNC_CHECK)
        && pods.awaitSynced(SYNC_CHECK))) {
      LOG.log(Level.WARNING, "network waits for the API server");
    }
    int failures = 0;
    while (!scope.isClosed()) {
      dirty.take();
      clock.sleep(BURST);
      dirty.clear();
      // Rules first: whoever gets a name's address can use it.
      failures = updateRules(failures);
      names.update(services.all(), slicesByService::get);
      healthPorts.update(services.all(), slicesByService::get);
    }
  }

  private int updateRules(int failures) {
    try {
      proxy.moveTo(node.all().stream().findFirst().map(NetworkAgent::zone).orElse(""));
      proxy.update(services.all(), slicesByService::get, pods.all());
      return 0;
    } catch (NetworkFailure e) {
      LOG.log(Level.ERROR, "service rules refused failures=" + (failures + 1), e);
      clock.schedule(RETRY.after(failures + 1), () -> dirty.offer(true));
      return failures + 1;
    }
  }

  /** Stops DNS and the updates. What is in the kernel stays and serves on. */
  @Override
  public void close() {
    registrations.forEach(Cache.Registration::close);
    scope.close();
    healthPorts.close();
    dns.close();
  }
}
