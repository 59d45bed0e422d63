package dev.kapell.host.runtime;

import dev.kapell.base.Clock;
import dev.kapell.host.image.OwnImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Prints what the runtime's calls take here, in milliseconds. Run with -Dkapell.calltimes=20. */
@EnabledIfSystemProperty(named = "kapell.calltimes", matches = "\\d+")
class CallTimesTest {
  private final Map<String, long[]> times = new LinkedHashMap<>();
  private final Clock clock = Clock.system();
  private int round;

  private interface Call<T> {
    T run();
  }

  private <T> T timed(String name, int rounds, Call<T> call) {
    long start = clock.nanoTime();
    T result = call.run();
    times.computeIfAbsent(name, key -> new long[rounds])[round] = clock.nanoTime() - start;
    return result;
  }

  private void timed(String name, int rounds, Runnable call) {
    timed(
        name,
        rounds,
        () -> {
          call.run();
          return name;
        });
  }

  @Test
  void printsThem() throws Exception {
    int rounds = Integer.getInteger("kapell.calltimes");
    long start = clock.nanoTime();
    RealContainerd real = new RealContainerd();
    System.out.printf(
        "containerd, channel and images ready: %d ms%n", ms(clock.nanoTime() - start));
    try {
      for (round = 0; round < rounds; round++) {
        one(real.runtime(), real.directory, rounds);
      }
    } finally {
      real.tearDown();
    }
    times.forEach(
        (name, values) -> {
          Arrays.sort(values);
          System.out.printf(
              "%-24s p50 %6.1f  min %6.1f  max %6.1f%n",
              name,
              values[values.length / 2] / 1e6,
              values[0] / 1e6,
              values[values.length - 1] / 1e6);
        });
  }

  private static long ms(long nanos) {
    return nanos / 1_000_000;
  }

  private void one(CriRuntime runtime, Path directory, int rounds) throws Exception {
    Path logs = Files.createDirectories(directory.resolve("logs").resolve("p" + round));
    PodIdentity pod = new PodIdentity("default", "p" + round, "uid" + round, 0);
    SandboxSpec spec = SandboxSpec.builder(pod, logs).build();
    ContainerSpec container =
        ContainerSpec.builder("main", 0, OwnImages.TOOLBOX)
            .command("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 60 & wait; done")
            .build();
    long up = clock.nanoTime();
    SandboxId sandbox = timed("RunPodSandbox", rounds, () -> runtime.runSandbox(spec));
    ContainerId id =
        timed("CreateContainer", rounds, () -> runtime.createContainer(sandbox, spec, container));
    timed("StartContainer", rounds, () -> runtime.startContainer(id));
    times.computeIfAbsent("pod up", key -> new long[rounds])[round] = clock.nanoTime() - up;
    timed("ContainerStatus", rounds, () -> runtime.containerStatus(id));
    timed("PodSandboxStatus", rounds, () -> runtime.sandboxStatus(sandbox));
    timed("ListContainers", rounds, () -> runtime.listContainers());
    timed("ContainerStats", rounds, () -> runtime.stats(id));
    timed(
        "ExecSync true",
        rounds,
        () -> runtime.execSync(id, List.of("true"), Duration.ofSeconds(10)));
    try (RecordedEvents events = new RecordedEvents(runtime)) {
      events.awaitResync();
      long down = clock.nanoTime();
      timed("StopContainer (TERM)", rounds, () -> runtime.stopContainer(id, Duration.ofSeconds(5)));
      events.awaitExit(id.value());
      times.computeIfAbsent("exit event after stop", key -> new long[rounds])[round] =
          clock.nanoTime() - down;
    }
    timed("RemoveContainer", rounds, () -> runtime.removeContainer(id));
    timed("StopPodSandbox", rounds, () -> runtime.stopSandbox(sandbox));
    timed("RemovePodSandbox", rounds, () -> runtime.removeSandbox(sandbox));
  }
}
