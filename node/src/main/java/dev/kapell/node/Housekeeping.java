package dev.kapell.node;

import dev.kapell.base.Clock;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.node.log.LogRotation;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.pod.Directories;
import dev.kapell.node.pod.PodWorkers;
import dev.kapell.node.self.NodeHealth;
import dev.kapell.node.stats.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What has to be looked at now and then: usage, log sizes, room left on the machine. One thread.
 */
final class Housekeeping {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final long LEAST_MEMORY_BYTES = 100L << 20;
  private static final double LEAST_DISK = 0.05;
  private static final double MOST_TASKS = 0.95;

  private final PodWorkers pods;
  private final Usage usage;
  private final Machine machine;
  private final LogRotation rotation;
  private final Directories directories;
  private final Clock clock;
  private final Eviction eviction;

  Housekeeping(
      PodWorkers pods, Usage usage, NodeOptions.Host host, Directories directories, Clock clock) {
    this.pods = pods;
    this.usage = usage;
    this.machine = host.machine();
    this.rotation = new LogRotation(host.runtime());
    this.directories = directories;
    this.clock = clock;
    this.eviction = new Eviction(pods, usage);
  }

  void run() throws InterruptedException {
    while (true) {
      clock.sleep(PERIOD);
      try {
        usage.sample();
        rotateLogs();
        if (health().memoryPressure()) {
          eviction.evictOne();
        }
      } catch (RuntimeFailure e) {
        if (e.is(RuntimeFailure.Kind.INTERRUPTED)) {
          throw new InterruptedException("closed while looking at containers");
        }
        LOG.log(System.Logger.Level.DEBUG, "runtime does not answer cause={0}", e.getMessage());
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "logs not rotated", e);
      }
    }
  }

  private void rotateLogs() throws IOException {
    for (PodWorkers.Running pod : pods.all()) {
      for (ContainerSeen container : pod.containers()) {
        if (container.state() == ContainerSeen.State.RUNNING) {
          Path log =
              directories
                  .logs(pod.pod())
                  .resolve(container.name())
                  .resolve(container.attempt() + ".log");
          rotation.check(log, new ContainerId(container.id()), clock.now());
        }
      }
    }
  }

  /** Room left on the machine; whether the runtime is ready is for others to say. */
  NodeHealth health() {
    Machine.DiskUsage disk = machine.disk(directories.data());
    Machine.ProcessUsage tasks = machine.processes();
    return new NodeHealth(
        true,
        "",
        machine.memory().availableBytes() < LEAST_MEMORY_BYTES,
        disk.totalBytes() > 0 && disk.availableBytes() < disk.totalBytes() * LEAST_DISK,
        tasks.maximum() > 0 && tasks.current() > tasks.maximum() * MOST_TASKS);
  }
}
