package dev.kapell.testkit;

import dev.kapell.api.core.v1.Node;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.serving.ApiServer;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.host.cgroup.SimulatedCgroups;
import dev.kapell.host.machine.SimulatedMachine;
import dev.kapell.host.mount.SimulatedMounts;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerState;
import dev.kapell.host.runtime.ContainerSummary;
import dev.kapell.host.runtime.SimulatedProgram;
import dev.kapell.host.runtime.SimulatedRuntime;
import dev.kapell.node.NodeAgent;
import dev.kapell.node.NodeOptions;
import dev.kapell.node.self.NodeIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A node of a {@link TestCluster}: the real agent on a runtime in memory. Thread-safe.
 *
 * <p>Every image can be pulled. A container runs until it is stopped, unless its command is a
 * little shell: {@code sleep N}, {@code exit N}, {@code true}, {@code false}, {@code echo}. Exec
 * probes run such commands too; HTTP, TCP and gRPC probes are answered well until {@link
 * #setAnswering} says otherwise.
 */
public final class SimulatedNode implements AutoCloseable {
  private static final String VERSION = "v1.36.0";
  private static final int MOST_PODS = 110;
  private static final String LOOPBACK = "127.0.0.1";

  private final NodePlace place;
  private final SimulatedRuntime runtime;
  private final NodeAgent agent;
  private final Set<ObjectKey> deaf;

  private SimulatedNode(
      NodePlace place, SimulatedRuntime runtime, NodeAgent agent, Set<ObjectKey> deaf) {
    this.place = place;
    this.runtime = runtime;
    this.agent = agent;
    this.deaf = deaf;
  }

  static SimulatedNode start(NodePlace place, ApiServer api, Caches caches, Clock clock)
      throws IOException {
    SimulatedRuntime runtime = new SimulatedRuntime(clock, SimulatedProgram.shell(), place.pods());
    Set<ObjectKey> deaf = ConcurrentHashMap.newKeySet();
    SimulatedMachine machine =
        new SimulatedMachine(
            place.name(), InetAddress.ofLiteral(LOOPBACK), place.cpus(), place.memoryBytes());
    NodeOptions options =
        new NodeOptions(
            new NodeIdentity(place.name(), List.of(LOOPBACK), Map.of(), 0, MOST_PODS, VERSION),
            api.client(User.SYSTEM, "kubelet"),
            caches,
            new NodeOptions.Host(
                runtime,
                new SimulatedCgroups(),
                new SimulatedMounts(),
                machine,
                Optional.of(target -> !deaf.contains(podOf(runtime, target.id())))),
            place.ownFolder(),
            new NodeOptions.ClusterNetwork(List.of(), "cluster.local"),
            LOOPBACK,
            Optional.of(
                api.pki().node(place.name(), List.of(LOOPBACK)).trusting(api.pki().caPem())),
            clock);
    return new SimulatedNode(place, runtime, NodeAgent.start(options), deaf);
  }

  /** The name of its Node object, {@code node-1} for the first. */
  public String name() {
    return place.name();
  }

  /** No registry knows this image from now on: pulls of it fail. */
  public void withoutImage(String image) {
    runtime.images().absent(image);
  }

  /**
   * Ends a running container as if by itself.
   *
   * @throws IllegalStateException when it does not run here
   */
  public void exit(ObjectKey pod, String container, int exitCode) {
    runtime.exit(running(pod, container), exitCode);
  }

  /**
   * Ends a running container as the kernel does when memory is short.
   *
   * @throws IllegalStateException when it does not run here
   */
  public void outOfMemory(ObjectKey pod, String container) {
    runtime.outOfMemory(running(pod, container));
  }

  /** Whether the pod answers probes over the network; at first every pod does. */
  public void setAnswering(ObjectKey pod, boolean answers) {
    if (answers) {
      deaf.remove(pod);
    } else {
      deaf.add(pod);
    }
  }

  /** Whether the container runtime answers; while it does not, the node is not ready. */
  public void setRuntimeAnswering(boolean answers) {
    runtime.setAnswering(answers);
  }

  private ContainerId running(ObjectKey pod, String container) {
    return runtime.listContainers().stream()
        .filter(c -> c.name().equals(container) && c.state() == ContainerState.RUNNING)
        .filter(c -> podOf(c.labels()).equals(pod))
        .map(ContainerSummary::id)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "container " + container + " of pod " + pod + " does not run on " + name()));
  }

  private static ObjectKey podOf(SimulatedRuntime runtime, ContainerId container) {
    return runtime
        .containerStatus(container)
        .map(status -> podOf(status.labels()))
        .orElse(new ObjectKey("", ""));
  }

  private static ObjectKey podOf(Map<String, String> labels) {
    return new ObjectKey(
        labels.getOrDefault("io.kubernetes.pod.namespace", ""),
        labels.getOrDefault("io.kubernetes.pod.name", ""));
  }

  static boolean isReady(Node node) {
    return node.status().conditions().stream()
        .anyMatch(c -> c.typeOr("").equals("Ready") && c.statusOr("").equals("True"));
  }

  /** The machine dies: it says nothing any more, and the cluster finds out after 40 seconds. */
  @Override
  public void close() {
    agent.close();
    runtime.close();
  }
}
