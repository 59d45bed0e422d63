package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.BatchMarks;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.share.Queue;
import dev.kapell.scheduler.share.Shares;
import dev.kapell.scheduler.share.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts anew what each queue has, and who waits in it. One thread's. */
final class Standings {
  /** The order in which the pods of one queue come. */
  private static final Comparator<Pod> NEXT =
      Comparator.comparingInt((Pod pod) -> -pod.spec().priorityOr(0))
          .thenComparing(pod -> String.valueOf(pod.metadata().creationTimestamp()))
          .thenComparing(ObjectKey::of);

  private final Cluster cluster = new Cluster(new ResourceNames());
  private final Shares shares = new Shares(cluster.names());
  private final Map<String, Integer> running = new HashMap<>();
  private final Map<String, List<Pod>> waiting = new HashMap<>();

  /** Of these queues, on these nodes, with these pods. */
  static List<Standing> of(List<Queue> queues, List<Node> nodes, List<Pod> pods) {
    Standings all = new Standings();
    queues.forEach(all.shares::define);
    nodes.forEach(all.cluster::putNode);
    all.shares.total(Queues.total(all.cluster));
    pods.forEach(all::count);
    return queues.stream().map(all::standing).toList();
  }

  private void count(Pod pod) {
    String queue = pod.metadata().labels().getOrDefault(BatchMarks.QUEUE, "");
    String phase = pod.status().phaseOr("");
    if (queue.isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
      return;
    }
    if (!pod.spec().nodeNameOr("").isEmpty()) {
      shares.account(queue, Demand.of(pod, cluster.names()), 1);
      running.merge(queue, 1, Integer::sum);
    } else if (pod.metadata().deletionTimestamp() == null) {
      waiting.computeIfAbsent(queue, name -> new ArrayList<>()).add(pod);
    }
  }

  private Standing standing(Queue queue) {
    List<ObjectKey> next =
        waiting.getOrDefault(queue.name(), List.of()).stream()
            .sorted(NEXT)
            .map(ObjectKey::of)
            .toList();
    int count = running.getOrDefault(queue.name(), 0);
    return new Standing(queue, shares.use(queue.name()), count, next);
  }
}
