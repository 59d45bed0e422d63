package dev.kapell.controllers.workload;

import dev.kapell.api.core.v1.ContainerStatus;
import dev.kapell.api.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pod goes first when there are too many, as the reference of ReplicaSet lists it: not bound,
 * pending, not ready, of lower deletion cost, on the fuller node, ready for a shorter time, more
 * restarts, newer. Pure.
 */
public final class DeletionOrder {
  private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

  private DeletionOrder() {}

  /**
   * The order for a ReplicaSet.
   *
   * @param related the pods of its owner, also those of its siblings: of the fuller node one goes
   *     first
   */
  public static List<Pod> of(List<Pod> pods, List<Pod> related, Instant now) {
    Map<String, Integer> onNode = new HashMap<>();
    for (Pod pod : related) {
      onNode.merge(pod.spec().nodeNameOr(""), 1, Integer::sum);
    }
    return pods.stream()
        .sorted(
            usefulness()
                .thenComparingInt(DeletionOrder::cost)
                .thenComparingInt(pod -> -onNode.getOrDefault(pod.spec().nodeNameOr(""), 0))
                .thenComparing(age(now)))
        .toList();
  }

  /** The order where neither a cost nor the spread counts. */
  public static List<Pod> of(List<Pod> pods, Instant now) {
    return pods.stream().sorted(usefulness().thenComparing(age(now))).toList();
  }

  private static Comparator<Pod> usefulness() {
    return Comparator.comparing((Pod pod) -> !pod.spec().nodeNameOr("").isEmpty())
        .thenComparingInt(DeletionOrder::phaseRank)
        .thenComparing(Pods::isReady);
  }

  private static Comparator<Pod> age(Instant now) {
    return Comparator.comparingInt((Pod pod) -> magnitude(Pods.readySince(pod).orElse(now), now))
        .thenComparingInt(pod -> -restarts(pod))
        .thenComparingInt(pod -> magnitude(pod.metadata().creationTimestampOr(now), now))
        .thenComparing(pod -> pod.metadata().uidOr(""));
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
