package dev.kapell.node.stats;

import dev.kapell.base.Clock;
import dev.kapell.host.machine.Machine;
import dev.kapell.host.runtime.ContainerRuntime;
import dev.kapell.host.runtime.ContainerStats;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samples of what is used. The runtime tells totals only; the rate comes from two samples. */
public final class Usage {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final ContainerRuntime runtime;
  private final Machine machine;
  private final Clock clock;
  private Sample latest = Sample.NONE;
  private Sample before = Sample.NONE;

  /** Nothing is sampled yet. */
  public Usage(ContainerRuntime runtime, Machine machine, Clock clock) {
    this.runtime = runtime;
    this.machine = machine;
    this.clock = clock;
  }

  /**
   * Everything at one time.
   *
   * @param nodeCpuNanos CPU time of the machine since boot
   * @param containers by id
   */
  public record Sample(Instant at, long nodeCpuNanos, Map<String, ContainerStats> containers) {
    static final Sample NONE = new Sample(Instant.EPOCH, 0, Map.of());

    /** Copies the map. */
    public Sample {
      containers = Map.copyOf(containers);
    }
  }

  /** Takes a sample, unless the last one is fresh. */
  public void sample() {
    Instant now = clock.now();
    synchronized (this) {
      if (Duration.between(latest.at(), now).compareTo(FRESH) < 0) {
        return;
      }
    }
    Map<String, ContainerStats> containers = new HashMap<>();
    List<ContainerStats> all = runtime.stats();
    all.forEach(stats -> containers.put(stats.id().value(), stats));
    Sample taken = new Sample(now, machine.cpuNanos(), containers);
    synchronized (this) {
      before = latest;
      latest = taken;
    }
  }

  /** The last sample. */
  public synchronized Sample latest() {
    return latest;
  }

  /** CPU of a container in nanoseconds per second; null until there are two samples. */
  public synchronized @Nullable Long cpuRate(String containerId) {
    ContainerStats now = latest.containers().get(containerId);
    ContainerStats then = before.containers().get(containerId);
    return now == null || then == null
        ? null
        : rate(now.cpuNanos() - then.cpuNanos(), then.at(), now.at());
  }

  /** CPU of the machine in nanoseconds per second; null until there are two samples. */
  public synchronized @Nullable Long nodeCpuRate() {
    return before.nodeCpuNanos() == 0
        ? null
        : rate(latest.nodeCpuNanos() - before.nodeCpuNanos(), before.at(), latest.at());
  }

  private static @Nullable Long rate(long nanos, Instant from, Instant to) {
    long span = Duration.between(from, to).toNanos();
    return span <= 0 ? null : (long) (nanos * 1e9 / span);
  }
}
