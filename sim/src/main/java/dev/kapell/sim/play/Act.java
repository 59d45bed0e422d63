package dev.kapell.sim.play;

import java.time.Duration;

/** Something that is done to a world, by a person or by fate. */
public sealed interface Act {
  /** A person wants something of the API. */
  sealed interface Wish extends Act {}

  /** Something breaks. */
  sealed interface Fault extends Act {
    /** How long it lasts; zero for what happens at once. */
    default Duration lasts() {
      return Duration.ZERO;
    }
  }

  /**
   * A new deployment.
   *
   * @param surge and {@code unavailable} as numbers or percentages
   */
  record CreateDeployment(
      String name,
      int replicas,
      String surge,
      String unavailable,
      int minReadySeconds,
      int milliCpu)
      implements Wish {}

  /** More or fewer pods. */
  record ScaleDeployment(String name, int replicas) implements Wish {}

  /** A new template: a rollout begins. */
  record SetImage(String name, String image) implements Wish {}

  /** Stops a rollout, or lets it go on. */
  record Pause(String name, boolean paused) implements Wish {}

  /** Deletes a deployment and, in the background or before it, what it owns. */
  record DeleteDeployment(String name, boolean foreground) implements Wish {}

  /** A new job, whose pods run for a while and end well or not. */
  record CreateJob(
      String name, int completions, int parallelism, int backoffLimit, int runSeconds, int exitCode)
      implements Wish {}

  /** A new stateful set. */
  record CreateStatefulSet(String name, int replicas, boolean parallel) implements Wish {}

  /** More or fewer pods. */
  record ScaleStatefulSet(String name, int replicas) implements Wish {}

  /** A new daemon set. */
  record CreateDaemonSet(String name) implements Wish {}

  /** A service over the pods of a deployment. */
  record CreateService(String name, String app) implements Wish {}

  /** A budget over the pods of a deployment; {@code fewest} as number or percentage. */
  record CreateBudget(String name, String app, String fewest) implements Wish {}

  /** Cordons a node, evicts what is there, and lets pods in again after a while. */
  record Drain(String node, Duration until) implements Wish {}

  /** A new object of any kind, as YAML. */
  record Create(Manifest object) implements Wish {}

  /** Deletes what a manifest has created, and in the background what that owns. */
  record Delete(Manifest object) implements Wish {}

  /** A CronJob starts nothing more. */
  record Suspend(String cronJob) implements Wish {}

  /** The pods of an app have so much to do from now on, altogether. */
  record SetLoad(String app, int milliCpu) implements Act {}

  /** Writes take up to so long. */
  record SlowStore(Duration atMost, Duration lasts) implements Fault {}

  /** Some writes fail. */
  record FailingStore(int percent, Duration lasts) implements Fault {}

  /** Some writes meet a conflict. */
  record Conflicts(int percent, Duration lasts) implements Fault {}

  /** Watches are behind. */
  record LateWatches(Duration by, Duration lasts) implements Fault {}

  /** Every watch has to begin anew. */
  record DroppedWatches() implements Fault {}

  /** The control plane dies after some more writes, and is started again. */
  record Crash(int afterWrites) implements Fault {}

  /** Whoever leads the other managers does not reach the API for a while. */
  record LeaderCut(Duration lasts) implements Fault {}

  /** A node has no power for a while. */
  record PowerCut(String node, Duration lasts) implements Fault {}

  /** A node does not reach the API for a while. */
  record Partition(String node, Duration lasts) implements Fault {}

  /** A node takes its time. */
  record SlowNode(String node, int times, Duration lasts) implements Fault {}

  /** A node tells late, whatever has become of it meanwhile. */
  record LyingNode(String node, Duration lag, Duration lasts) implements Fault {}

  /** Some pods run out of memory. */
  record OutOfMemory(int pods) implements Fault {}

  /** The time of day jumps. */
  record ClockJump(Duration by) implements Fault {}
}
