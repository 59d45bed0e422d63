package dev.kapell.node;

import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.control.cache.Caches;
import dev.kapell.host.cgroup.Cgroups;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.mount.Mounts;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.http.TlsIdentity;
import dev.kapell.node.probe.Target;
import dev.kapell.node.self.NodeIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a node agent needs.
 *
 * @param identity the node's name, addresses, labels and port (port 0: any free one; the chosen one
 *     is reported)
 * @param client speaks as the node
 * @param caches may be shared with the rest of the process
 * @param host the machine, or its simulated twin
 * @param dataDirectory the agent's own folder, for volumes and logs
 * @param network what pods are told of the cluster
 * @param bindHost where the agent's API listens, {@code 0.0.0.0} for all
 * @param tls the agent's certificate and the authority of its callers; absent for plain HTTP, in
 *     tests
 */
public record NodeOptions(
    NodeIdentity identity,
    Client client,
    Caches caches,
    Host host,
    Path dataDirectory,
    ClusterNetwork network,
    String bindHost,
    Optional<TlsIdentity> tls,
    Clock clock) {

  /**
   * The machine's parts.
   *
   * @param answering for simulated pods, whose addresses lead nowhere: whether a container answers
   *     probes over the network; empty for real ones, which are asked
   */
  public record Host(
      ContainerRuntime runtime,
      Cgroups cgroups,
      Mounts mounts,
      Machine machine,
      Optional<Predicate<Target>> answering) {

    /** A machine with a network. */
    public Host(ContainerRuntime runtime, Cgroups cgroups, Mounts mounts, Machine machine) {
      this(runtime, cgroups, mounts, machine, Optional.empty());
    }
  }

  /**
   * What is the same on every node.
   *
   * @param dns addresses of the cluster's DNS, empty for the host's own resolver
   * @param domain for instance {@code cluster.local}
   */
  public record ClusterNetwork(List<String> dns, String domain) {
    /** Copies the list. */
    public ClusterNetwork {
      dns = List.copyOf(dns);
    }
  }

  /** An identity with the usual port 10250, 110 pods, and no labels of its own. */
  public static NodeIdentity identity(String name, List<String> addresses, String version) {
    return new NodeIdentity(name, addresses, Map.of(), 10250, 110, version);
  }
}
