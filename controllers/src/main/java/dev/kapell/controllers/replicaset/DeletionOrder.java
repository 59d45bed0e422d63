package dev.kapell.controllers.replicaset;

import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.controllers.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pod goes first when there are too many, as the reference of ReplicaSet lists it: not bound,
 * pending, not ready, of lower deletion cost, on the fuller node, ready for a shorter time, more
 * restarts, newer. Pure.
 */
final class DeletionOrder {
  private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

  private DeletionOrder() {}

  static List<Pod> of(List<Pod> pods, Instant now) {
    Map<String, Integer> onNode = new HashMap<>();
    for (Pod pod : pods) {
      onNode.merge(pod.spec().nodeNameOr(""), 1, Integer::sum);
    }
    List<Pod> sorted = new ArrayList<>(pods);
    sorted.sort(
        Comparator.comparing((Pod pod) -> !pod.spec().nodeNameOr("").isEmpty())
            .thenComparingInt(DeletionOrder::phaseRank)
            .thenComparing(Pods::isReady)
            .thenComparingInt(DeletionOrder::cost)
            .thenComparingInt(pod -> -onNode.getOrDefault(pod.spec().nodeNameOr(""), 0))
            .thenComparingInt(pod -> magnitude(Pods.readySince(pod).orElse(now), now))
            .thenComparingInt(pod -> -restarts(pod))
            .thenComparingInt(pod -> magnitude(pod.metadata().creationTimestampOr(now), now))
            .thenComparing(pod -> pod.metadata().uidOr("")));
    return sorted;
  }

  private static int phaseRank(Pod pod) {
    return switch (Pods.phase(pod)) {
      case "Pending" -> 0;
      case "Unknown" -> 1;
      default -> 2;
    };
  }

  private static int cost(Pod pod) {
    String cost = pod.metadata().annotations().getOrDefault(COST, "0");
    try {
      return Integer.parseInt(cost);
    } catch (NumberFormatException e) {
      return 0; // The API refuses such a value on create; an old object may still have it.
    }
  }

  /** Ages are compared by their logarithm, so that a few seconds more do not decide. */
  private static int magnitude(Instant since, Instant now) {
    long seconds = Math.max(0, Duration.between(since, now).toSeconds());
    return Long.SIZE - Long.numberOfLeadingZeros(seconds);
  }

  private static int restarts(Pod pod) {
    int most = 0;
    for (ContainerStatus status : pod.status().containerStatuses()) {
      most = Math.max(most, status.restartCountOr(0));
    }
    return most;
  }
}
