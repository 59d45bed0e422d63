package dev.kapell.node.pressure;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.host.runtime.ContainerStats;
import dev.kapell.node.plan.QosClass;
import dev.kapell.node.plan.Verdict;
import dev.kapell.node.pod.PodWorkers;
import dev.kapell.node.stats.Usage;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes pods go: those over their own limits on disk, and, when the machine runs out, the least
 * entitled one first, of these the one that uses most.
 */
final class Eviction {
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final int CRITICAL_PRIORITY = 2_000_000_000;

  private final PodWorkers pods;
  private final Usage usage;
  private final StorageUse storage;

  Eviction(PodWorkers pods, Usage usage, StorageUse storage) {
    this.pods = pods;
    this.usage = usage;
    this.storage = storage;
  }

  /** Evicts every pod that has more on disk than it may. */
  void enforceLimits() throws IOException {
    for (PodWorkers.Running pod : candidates()) {
      storage.excess(pod).ifPresent(excess -> evict(pod.pod(), excess));
    }
  }

  /** Evicts the pod that gives most memory back at the least harm. */
  void relieveMemory() {
    Map<PodWorkers.Running, Long> bytes = new HashMap<>();
    candidates().forEach(pod -> bytes.put(pod, memoryBytes(pod)));
    evictOne(bytes, "memory");
  }

  /** The same for disk. */
  void relieveDisk() throws IOException {
    Map<PodWorkers.Running, Long> bytes = new HashMap<>();
    for (PodWorkers.Running pod : candidates()) {
      bytes.put(pod, storage.bytes(pod));
    }
    evictOne(bytes, "ephemeral-storage");
  }

  private List<PodWorkers.Running> candidates() {
    return pods.all().stream()
        .filter(r -> r.pod().spec().priorityOr(0) < CRITICAL_PRIORITY)
        .filter(r -> r.pod().metadata().deletionTimestamp() == null)
        .filter(r -> !r.pod().status().phaseOr("").matches("Succeeded|Failed"))
        .toList();
  }

  private void evictOne(Map<PodWorkers.Running, Long> bytes, String resource) {
    bytes.entrySet().stream()
        .filter(use -> use.getValue() > 0)
        .max(
            Comparator.comparing(
                    (Map.Entry<PodWorkers.Running, Long> use) -> QosClass.of(use.getKey().pod()))
                .thenComparingInt(use -> -use.getKey().pod().spec().priorityOr(0))
                .thenComparingLong(Map.Entry::getValue))
        .ifPresent(
            use -> evict(use.getKey().pod(), "The node was low on resource: " + resource + ". "));
  }

  private void evict(Pod pod, String message) {
    LOG.log(
        System.Logger.Level.WARNING,
        "pod evicted object={0}/{1} because={2}",
        pod.metadata().namespaceOr(""),
        pod.metadata().nameOr(""),
        message);
    pods.refuse(pod.metadata().uidOr(""), new Verdict("Evicted", message, "TerminationByKubelet"));
  }

  private long memoryBytes(PodWorkers.Running pod) {
    return pod.containers().stream()
        .map(c -> usage.latest().containers().get(c.id()))
        .filter(s -> s != null)
        .mapToLong(ContainerStats::memoryWorkingSetBytes)
        .sum();
  }
}
