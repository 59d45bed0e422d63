package dev.kapell.sim.node;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Clock;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.cache.Index;
import dev.kapell.control.cache.Indexes;
import dev.kapell.control.loop.ControlLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Any number of simulated nodes on one API server. Thread-safe. The methods break and mend them;
 * what a node does while it is well, see {@link PodLife} and {@link NodeLife}.
 */
public final class SimulatedNodes implements AutoCloseable {
  private final Machines machines = new Machines();
  private final Index<Pod, String> podsByNode;
  private final Clock clock;
  private final ControlLoop<String> nodeLoop;
  private final PodLoop life;
  private final ControlLoop<ObjectKey> podLoop;
  private final ControlLoop<String> volumeLoop;

  /**
   * How nodes are run.
   *
   * @param client as whom they write
   * @param caches of that client
   * @param manners of pods that do not say themselves
   * @param renewal how often a node renews its lease; silent for 40 seconds, it counts as lost
   * @param workers how many writes at once, of pods as of nodes
   */
  public record Options(
      Client client, Caches caches, Clock clock, Manners manners, Duration renewal, int workers) {}

  private SimulatedNodes(Options options, List<Shape> shapes) {
    this.clock = options.clock();
    Cache<Pod> pods = options.caches().of(Types.POD);
    this.podsByNode = pods.index(Indexes.PODS_BY_NODE);
    Cache<Node> known = options.caches().of(Types.NODE);
    NodeLoop nodes = new NodeLoop(options.client(), known, machines, clock, options.renewal());
    this.nodeLoop = ControlLoop.of("simulated-nodes", clock, nodes);
    this.life = new PodLoop(options.client(), pods, machines, clock, options.manners());
    this.podLoop = ControlLoop.of("simulated-pods", clock, life);
    Cache<PersistentVolume> volumes = options.caches().of(Types.PERSISTENT_VOLUME);
    this.volumeLoop =
        ControlLoop.of(
            "simulated-volumes", clock, new VolumeLoop(options.client(), volumes, known, machines));
    volumes.onChange(
        (before, after) -> {
          if (after != null && VolumeLoop.isWaiting(after)) {
            volumeLoop.add(after.metadata().nameOr(""));
          }
        });
    shapes.forEach(machines::add);
    pods.onChange(
        (before, after) -> {
          if (after == null) {
            Optional.ofNullable(before).ifPresent(this::forget);
          } else if (machines.find(after.spec().nodeNameOr("")).isPresent()) {
            podLoop.add(ObjectKey.of(after));
          }
        });
    machines.names().forEach(nodeLoop::add);
    known.onChange(
        (before, after) -> {
          if (before != null && after != null && isResized(before, after)) {
            nodeLoop.add(after.metadata().nameOr(""));
          }
        });
  }

  /** Somebody else has changed what a node offers, which has to become allocatable. */
  private boolean isResized(Node before, Node after) {
    return !before.status().capacity().equals(after.status().capacity())
        && machines.find(after.metadata().nameOr("")).isPresent();
  }

  /** Starts them; returns at once. */
  public static SimulatedNodes start(Options options, List<Shape> shapes) {
    SimulatedNodes nodes = new SimulatedNodes(options, shapes);
    nodes.nodeLoop.start(options.workers());
    nodes.podLoop.start(options.workers());
    nodes.volumeLoop.start(1);
    return nodes;
  }

  /** The API's times are in whole seconds. */
  static Instant second(Clock clock) {
    return clock.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private void forget(Pod pod) {
    machines.forget(pod.metadata().uidOr(""));
  }

  /** Their names, in the order in which they were given. */
  public List<String> names() {
    return machines.names();
  }

  /** How the machine is. */
  public Optional<Machine> machine(String node) {
    return machines.find(node);
  }

  /** The power goes: nothing runs there and nothing is told. */
  public void powerOff(String node) {
    machines.change(
        node,
        m -> new Machine(m.shape(), false, m.connected(), m.slowness(), m.lag(), m.bootedAt()));
  }

  /** It boots: what ran there has to be started again. */
  public void powerOn(String node) {
    Instant now = clock.now();
    machines.change(
        node, m -> new Machine(m.shape(), true, m.connected(), m.slowness(), m.lag(), now));
    wake(node);
  }

  /** Whether it reaches the API server; everything goes on there meanwhile. */
  public void setConnected(String node, boolean connected) {
    machines.change(
        node,
        m -> new Machine(m.shape(), m.powered(), connected, m.slowness(), m.lag(), m.bootedAt()));
    wake(node);
  }

  /** Starts and stops take so many times as long from now on; 1 is usual. */
  public void setSlowness(String node, int times) {
    machines.change(
        node,
        m -> new Machine(m.shape(), m.powered(), m.connected(), times, m.lag(), m.bootedAt()));
  }

  /** It tells of its pods so late that it may not be true any more; zero is usual. */
  public void setLag(String node, Duration lag) {
    machines.change(
        node,
        m -> new Machine(m.shape(), m.powered(), m.connected(), m.slowness(), lag, m.bootedAt()));
    wake(node);
  }

  /** The containers of a pod end for want of memory. */
  public void outOfMemory(Pod pod) {
    machines.kill(pod.metadata().uidOr(""));
    podLoop.add(ObjectKey.of(pod));
  }

  private void wake(String node) {
    nodeLoop.add(node);
    podsByNode.get(node).forEach(pod -> podLoop.add(ObjectKey.of(pod)));
  }

  @Override
  public void close() {
    nodeLoop.close();
    podLoop.close();
    volumeLoop.close();
    life.close();
  }
}
