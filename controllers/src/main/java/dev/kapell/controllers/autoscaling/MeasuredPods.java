package dev.kapell.controllers.autoscaling;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.core.v1.PodCondition;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which pods count for a metric (reference: HorizontalPodAutoscaler, algorithm details).
 *
 * @param samples of the pods that count, by name
 * @param unready pods that start, or whose use of the processor says nothing yet
 * @param missing pods of which nothing was measured
 */
record MeasuredPods(Map<String, Sample> samples, Set<String> unready, Set<String> missing) {
  /** So long after its start a pod's use of the processor is that of starting. */
  private static final Duration INITIALIZATION = Duration.ofMinutes(5);

  /** A pod that was not ready this long after its start, and is not now, never was. */
  private static final Duration FIRST_READINESS = Duration.ofSeconds(30);

  /** Copies. */
  MeasuredPods {
    samples = Map.copyOf(samples);
    unready = Set.copyOf(unready);
    missing = Set.copyOf(missing);
  }

  /** Sorts {@code pods} out; pods that go or have failed are left out altogether. */
  static MeasuredPods of(
      List<Pod> pods, Map<String, Sample> measured, boolean processor, Instant now) {
    Map<String, Sample> samples = new LinkedHashMap<>();
    Set<String> unready = new HashSet<>();
    Set<String> missing = new HashSet<>();
    for (Pod pod : pods) {
      if (Pods.isTerminating(pod) || Pods.phase(pod).equals("Failed")) {
        continue;
      }
      String name = pod.metadata().nameOr("");
      Sample sample = measured.get(name);
      if (Pods.phase(pod).equals("Pending")) {
        unready.add(name);
      } else if (sample == null) {
        missing.add(name);
      } else if (processor && saysNothingYet(pod, sample, now)) {
        unready.add(name);
      } else {
        samples.put(name, sample);
      }
    }
    return new MeasuredPods(samples, unready, missing);
  }

  private static boolean saysNothingYet(Pod pod, Sample sample, Instant now) {
    Optional<PodCondition> ready = Pods.condition(pod, "Ready");
    Instant started = pod.status().startTime();
    if (ready.isEmpty() || started == null) {
      return true;
    }
    boolean isUnready = ready.get().statusOr("").equals("False");
    Instant since = ready.get().lastTransitionTimeOr(Instant.EPOCH);
    if (started.plus(INITIALIZATION).isAfter(now)) {
      return isUnready || sample.at().isBefore(since.plus(sample.window()));
    }
    return isUnready && started.plus(FIRST_READINESS).isAfter(since);
  }
}
