package dev.kapell.node.config;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.machine.SecurityModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A pod and where it runs.
 *
 * @param podIps empty until the sandbox stands; for host networking the node's
 * @param node what is the same for every pod of the node
 * @param directory the pod's own folder on this node
 * @param logDirectory where its containers' logs are
 */
public record PodFacts(
    Pod pod, List<String> podIps, NodeFacts node, Path directory, Path logDirectory) {
  /** Copies the list. */
  public PodFacts {
    podIps = List.copyOf(podIps);
  }

  /** The pod's namespace. */
  public String namespace() {
    return pod.metadata().namespaceOr("default");
  }

  /** The pod's name. */
  public String name() {
    return pod.metadata().nameOr("");
  }

  /** The pod's uid. */
  public String uid() {
    return pod.metadata().uidOr("");
  }

  /** How long its containers get to end; 1 for a negative time, 30 by default. */
  public long graceSeconds() {
    Long seconds = pod.spec().terminationGracePeriodSeconds();
    return seconds == null ? 30 : seconds < 0 ? 1 : seconds;
  }

  /** The same with addresses. */
  public PodFacts withPodIps(List<String> ips) {
    return new PodFacts(pod, ips, node, directory, logDirectory);
  }

  /**
   * The node, as pods see it.
   *
   * @param hostIps the primary one first
   * @param clusterDns addresses of the cluster's DNS
   * @param clusterDomain for instance {@code cluster.local}
   * @param cpuMillis allocatable
   * @param memoryBytes allocatable
   * @param cgroupRoot under which pods have their groups, {@code /kubepods}
   * @param securityModules what its kernel enforces
   */
  public record NodeFacts(
      String name,
      List<String> hostIps,
      List<String> clusterDns,
      String clusterDomain,
      long cpuMillis,
      long memoryBytes,
      String cgroupRoot,
      Set<SecurityModule> securityModules) {
    /** Copies the lists. */
    public NodeFacts {
      hostIps = List.copyOf(hostIps);
      clusterDns = List.copyOf(clusterDns);
      securityModules = Set.copyOf(securityModules);
    }
  }
}
