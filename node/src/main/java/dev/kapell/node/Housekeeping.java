package dev.kapell.node;

import dev.kapell.base.Clock;
import dev.kapell.host.runtime.ContainerId;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.RuntimeFailure;
import dev.kapell.node.log.LogRotation;
import dev.kapell.node.plan.ContainerSeen;
import dev.kapell.node.pod.Directories;
import dev.kapell.node.pod.PodWorkers;
import dev.kapell.node.pressure.Pressure;
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

  private final PodWorkers pods;
  private final Usage usage;
  private final LogRotation rotation;
  private final Directories directories;
  private final Clock clock;
  private final Pressure pressure;

  Housekeeping(
      PodWorkers pods,
      Usage usage,
      ContainerRuntime runtime,
      Pressure pressure,
      Directories directories,
      Clock clock) {
    this.pods = pods;
    this.usage = usage;
    this.rotation = new LogRotation(runtime);
    this.directories = directories;
    this.clock = clock;
    this.pressure = pressure;
  }

  void run() throws InterruptedException {
    while (true) {
      clock.sleep(PERIOD);
      try {
        usage.sample();
        rotateLogs();
        pressure.relieve();
      } catch (RuntimeFailure e) {
        if (e.is(RuntimeFailure.Kind.INTERRUPTED)) {
          throw new InterruptedException("closed while looking at containers");
        }
        LOG.log(System.Logger.Level.DEBUG, "runtime does not answer cause={0}", e.getMessage());
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "room not looked after", e);
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
}
