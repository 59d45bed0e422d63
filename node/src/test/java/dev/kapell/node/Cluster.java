package dev.kapell.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Container;
import dev.kapell.api.core.v1.ContainerState;
import dev.kapell.api.core.v1.ContainerStateTerminated;
import dev.kapell.api.core.v1.ContainerStateWaiting;
import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodSpec;
import dev.kapell.api.core.v1.ResourceRequirements;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.api.resource.Quantity;
import dev.kapell.base.Clock;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.host.cgroup.SimulatedCgroups;
import dev.kapell.host.machine.SimulatedMachine;
import dev.kapell.host.mount.SimulatedMounts;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.SimulatedRuntime;
import dev.kapell.node.self.NodeIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One node agent on an API in memory. */
final class Cluster implements AutoCloseable {
  static final String NODE = "n1";

  final MemoryApi api = new MemoryApi();
  private final NodeOptions.Host host;
  private final Path data;
  private Caches caches;
  private NodeAgent agent;

  /** With a node of two CPUs and 4Gi that only pretends. */
  static Cluster simulated(SimulatedRuntime runtime, SimulatedCgroups cgroups, Path data)
      throws IOException {
    return new Cluster(
        new NodeOptions.Host(
            runtime,
            cgroups,
            new SimulatedMounts(),
            new SimulatedMachine("n1", InetAddress.getLoopbackAddress(), 2, 4L << 30)),
        data);
  }

  Cluster(NodeOptions.Host host, Path data) throws IOException {
    this.host = host;
    this.data = data;
    this.caches = new Caches(api, Clock.system());
    this.agent = agent();
  }

  private NodeAgent agent() throws IOException {
    NodeIdentity identity =
        new NodeIdentity(NODE, List.of("127.0.0.1"), Map.of(), 0, 110, "v1.36.0+test");
    return NodeAgent.start(
        new NodeOptions(
            identity,
            api,
            caches,
            host,
            data,
            new NodeOptions.ClusterNetwork(List.of(), "cluster.local"),
            "127.0.0.1",
            Optional.empty(),
            Clock.system()));
  }

  NodeAgent running() {
    return agent;
  }

  /** As after a crash of the agent alone. */
  void restartAgent() throws IOException {
    agent.close();
    caches.close();
    caches = new Caches(api, Clock.system());
    agent = agent();
  }

  static Container container(String name, String image, String... command) {
    return Container.builder()
        .name(name)
        .image(image)
        .imagePullPolicy("IfNotPresent")
        .command(List.of(command))
        .build();
  }

  Pod create(String name, PodSpec spec) {
    return api.create(
        Types.POD,
        Pod.EMPTY
            .withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName(name))
            .withSpec(spec.withNodeName(NODE)));
  }

  Optional<Pod> pod(String name) {
    return api.find(Types.POD, new ObjectKey("default", name));
  }

  Pod await(String name, Predicate<Pod> condition) throws InterruptedException {
    return Waiting.present(
        () -> "pod " + name + " is " + pod(name).map(Pod::status),
        () -> pod(name).filter(condition));
  }

  Pod awaitPhase(String name, String phase) throws InterruptedException {
    return await(name, p -> p.status().phaseOr("").equals(phase));
  }

  void delete(String name, long graceSeconds) {
    api.delete(
        Types.POD,
        new ObjectKey("default", name),
        DeleteOptions.builder().gracePeriodSeconds(graceSeconds).build());
  }

  void awaitGone(String name) throws InterruptedException {
    Waiting.until(
        () -> name + " is still there: " + pod(name).map(Pod::status),
        () -> pod(name).isEmpty() && agent.pods().find("default", name).isEmpty());
  }

  static boolean condition(Pod pod, String type) {
    return pod.status().conditions().stream()
        .anyMatch(c -> c.typeOr("").equals(type) && c.statusOr("").equals("True"));
  }

  static ContainerStatus status(Pod pod, String container) {
    return pod.status().containerStatuses().stream()
        .filter(s -> s.nameOr("").equals(container))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no status of " + container + " in " + pod.status()));
  }

  /** The runtime's id of a container. */
  static ContainerId id(Pod pod, String container) {
    return new ContainerId(status(pod, container).containerIDOr("").replace("containerd://", ""));
  }

  /** How a container ended. */
  static ContainerStateTerminated ended(@Nullable ContainerState state) {
    ContainerStateTerminated ended = state == null ? null : state.terminated();
    if (ended == null) {
      throw new AssertionError("has not ended: " + state);
    }
    return ended;
  }

  /** What a container waits for, empty when it does not. */
  static String waiting(Pod pod, String container) {
    ContainerState state = status(pod, container).state();
    ContainerStateWaiting waiting = state == null ? null : state.waiting();
    return waiting == null ? "" : waiting.reasonOr("");
  }

  @Override
  public void close() {
    agent.close();
    caches.close();
  }

  /** Requests and limits of so much. */
  static ResourceRequirements amounts(String cpu, String memory) {
    Map<String, Quantity> amounts =
        Map.of("cpu", Quantity.parse(cpu), "memory", Quantity.parse(memory));
    return ResourceRequirements.EMPTY.withRequests(amounts).withLimits(amounts);
  }

  /** Wishes so much for the pod's first container, as the subresource does. */
  void resize(String name, String cpu, String memory) {
    for (boolean written = false; !written; ) {
      Pod pod = pod(name).orElseThrow();
      Container app = pod.spec().containers().getFirst().withResources(amounts(cpu, memory));
      long generation = Optional.ofNullable(pod.metadata().generation()).orElse(1L) + 1;
      try {
        api.update(
            Types.POD,
            pod.withSpec(pod.spec().withContainers(List.of(app)))
                .withMetadata(pod.metadata().withGeneration(generation)));
        written = true;
      } catch (ApiFailure e) {
        assertThat(e.isConflict()).as(e.getMessage()).isTrue();
      }
    }
  }
}
