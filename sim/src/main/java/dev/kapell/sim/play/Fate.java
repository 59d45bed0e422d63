package dev.kapell.sim.play;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.base.Randomness;
import dev.kapell.sim.cluster.Cluster;
import dev.kapell.sim.lane.Lane;
import dev.kapell.sim.node.SimulatedNodes;
import dev.kapell.sim.story.Picture;
import java.time.Duration;
import java.util.List;

/** Breaks things, and mends them when their time is over. */
final class Fate {
  private final Lane lane;
  private final Cluster cluster;
  private final SimulatedNodes nodes;
  private final Randomness random;
  private Duration slack = Duration.ZERO;
  private Duration slackUntil = Duration.ZERO;

  Fate(Lane lane, Cluster cluster, SimulatedNodes nodes, Randomness random) {
    this.lane = lane;
    this.cluster = cluster;
    this.nodes = nodes;
    this.random = random;
  }

  /** Begins; the end is scheduled. */
  void strike(Act.Fault fault, Picture picture) {
    switch (fault) {
      case Act.SlowStore(Duration atMost, Duration lasts) -> {
        cluster.weather().delayWrites(atMost);
        excuse(atMost.multipliedBy(10), lasts);
        after(lasts, () -> cluster.weather().delayWrites(Duration.ZERO));
      }
      case Act.FailingStore(int percent, Duration lasts) -> {
        cluster.weather().failWrites(percent);
        after(lasts, () -> cluster.weather().failWrites(0));
      }
      case Act.Conflicts(int percent, Duration lasts) -> {
        cluster.weather().refuseWrites(percent);
        after(lasts, () -> cluster.weather().refuseWrites(0));
      }
      case Act.LateWatches(Duration by, Duration lasts) -> {
        cluster.weather().delayWatches(by);
        excuse(by.multipliedBy(3), lasts);
        after(lasts, () -> cluster.weather().delayWatches(Duration.ZERO));
      }
      case Act.DroppedWatches() -> {
        cluster.weather().dropWatches();
        excuse(Duration.ofSeconds(16), Duration.ZERO);
      }
      case Act.Crash(int afterWrites) -> cluster.crashAfter(afterWrites);
      case Act.LeaderCut(Duration lasts) -> {
        cluster.cutLeader();
        after(lasts, cluster::mendLeaders);
      }
      case Act.PowerCut(String node, Duration lasts) -> {
        nodes.powerOff(node);
        after(lasts, () -> nodes.powerOn(node));
      }
      case Act.Partition(String node, Duration lasts) -> {
        nodes.setConnected(node, false);
        after(lasts, () -> nodes.setConnected(node, true));
      }
      case Act.SlowNode(String node, int times, Duration lasts) -> {
        nodes.setSlowness(node, times);
        after(lasts, () -> nodes.setSlowness(node, 1));
      }
      case Act.LyingNode(String node, Duration lag, Duration lasts) -> {
        nodes.setLag(node, lag);
        after(lasts, () -> nodes.setLag(node, Duration.ZERO));
      }
      case Act.OutOfMemory(int pods) -> outOfMemory(pods, picture);
      case Act.ClockJump(Duration by) -> lane.jump(by);
    }
  }

  private void after(Duration span, Runnable end) {
    lane.schedule(span, end);
  }

  private void outOfMemory(int count, Picture picture) {
    List<Pod> running =
        picture.all(Types.POD).stream()
            .filter(pod -> pod.status().phaseOr("").equals("Running"))
            .toList();
    for (int i = 0; i < count && !running.isEmpty(); i++) {
      nodes.outOfMemory(running.get(random.nextInt(running.size())));
    }
  }

  /** Knowledge may be older by {@code more} while this lasts, and until it has been caught up. */
  private void excuse(Duration more, Duration lasts) {
    slack = slack.plus(more);
    Duration until = lane.elapsed().plus(lasts).plusSeconds(30).plus(more);
    slackUntil = until.compareTo(slackUntil) > 0 ? until : slackUntil;
  }

  /** How old knowledge may be at present, beyond the usual. */
  Duration slack() {
    return lane.elapsed().compareTo(slackUntil) < 0 ? slack : Duration.ZERO;
  }

  /** All that is broken is whole again. */
  void relent() {
    cluster.weather().clear();
    cluster.mendLeaders();
    for (String node : nodes.names()) {
      nodes.setConnected(node, true);
      nodes.setSlowness(node, 1);
      nodes.setLag(node, Duration.ZERO);
      if (!nodes.machine(node).orElseThrow().powered()) {
        nodes.powerOn(node);
      }
    }
  }
}
