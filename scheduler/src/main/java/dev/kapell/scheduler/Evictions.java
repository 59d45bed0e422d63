package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Nodes that are being cleared for more important pods. The scheduler's thread's. */
final class Evictions {
  private final Cache<Pod> pods;
  private final Cluster cluster;
  private final Binder binder;
  private final Inbox inbox;

  /** Victims whose deletion the cache does not show yet. */
  private final Set<String> asked = new HashSet<>();

  Evictions(Cache<Pod> pods, Cluster cluster, Binder binder, Inbox inbox) {
    this.pods = pods;
    this.cluster = cluster;
    this.binder = binder;
    this.inbox = inbox;
  }

  /** Whether a less important pod on the row is on its way out. */
  boolean isUnderWay(int row, Demand demand) {
    for (Placed placed : cluster.pods(row)) {
      boolean goesForIt =
          placed.demand().priority() < demand.priority()
              || Queues.areApart(placed.demand(), demand);
      if (goesForIt && (placed.isLeaving() || asked.contains(placed.uid()))) {
        return true;
      }
    }
    return false;
  }

  /** Removes the victims; the pod is expected on their node. Returns its name. */
  String clear(Preemption.Choice choice, Pod pod, Demand demand) throws InterruptedException {
    String node = cluster.nodeOf(choice.row()).metadata().nameOr("");
    for (Placed other : cluster.nominated(choice.row())) {
      if (other.demand().priority() < demand.priority()) {
        cluster.unnominate(other.uid());
        binder.unnominate(other.pod());
      }
    }
    cluster.nominate(pod, demand, choice.row());
    for (Pod victim : choice.victims()) {
      Optional<Pod> now = pods.find(ObjectKey.of(victim));
      String uid = victim.metadata().uidOr("");
      if (now.isPresent()
          && Intake.isSame(now.get(), victim)
          && now.get().metadata().deletionTimestamp() == null
          && asked.add(uid)) {
        binder.preempt(now.get(), pod, node, () -> inbox.note(() -> asked.remove(uid)));
      }
    }
    return node;
  }
}
