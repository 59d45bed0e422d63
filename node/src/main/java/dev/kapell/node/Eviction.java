package dev.kapell.node;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.runtime.ContainerStats;
import dev.kapell.node.plan.QosClass;
import dev.kapell.node.plan.Verdict;
import dev.kapell.node.pod.PodWorkers;
import dev.kapell.node.stats.Usage;
import java.util.Comparator;
import java.util.Optional;

/**
 * Makes room when memory runs out: the least entitled pod first, of these the one that uses most.
 */
final class Eviction {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final int CRITICAL_PRIORITY = 2_000_000_000;

  private final PodWorkers pods;
  private final Usage usage;

  Eviction(PodWorkers pods, Usage usage) {
    this.pods = pods;
    this.usage = usage;
  }

  void evictOne() {
    Comparator<PodWorkers.Running> order =
        Comparator.comparing((PodWorkers.Running r) -> QosClass.of(r.pod()))
            .thenComparingInt(r -> -r.pod().spec().priorityOr(0))
            .thenComparingLong(this::memoryBytes);
    Optional<PodWorkers.Running> victim =
        pods.all().stream()
            .filter(r -> r.pod().spec().priorityOr(0) < CRITICAL_PRIORITY)
            .filter(r -> r.pod().metadata().deletionTimestamp() == null && memoryBytes(r) > 0)
            .max(order);
    if (victim.isPresent()) {
      Pod pod = victim.get().pod();
      LOG.log(
          System.Logger.Level.WARNING,
          "pod evicted object={0}/{1}",
          pod.metadata().namespaceOr(""),
          pod.metadata().nameOr(""));
      pods.refuse(
          pod.metadata().uidOr(""),
          new Verdict("Evicted", "The node was low on resource: memory.", "TerminationByKubelet"));
    }
  }

  private long memoryBytes(PodWorkers.Running pod) {
    return pod.containers().stream()
        .map(c -> usage.latest().containers().get(c.id()))
        .filter(s -> s != null)
        .mapToLong(ContainerStats::memoryWorkingSetBytes)
        .sum();
  }
}
