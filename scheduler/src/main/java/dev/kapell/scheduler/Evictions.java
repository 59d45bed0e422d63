package dev.kapell.scheduler;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.cluster.Placed;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.queue.PodQueue;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nodes that are being cleared for more important pods. The scheduler's thread's. */
final class Evictions {
  /** With more, those are forgotten whose deletion has shown. */
  private static final int ASKED = 512;

  private final Cache<Pod> pods;
  private final Cluster cluster;
  private final Binder binder;
  private final Inbox inbox;
  private final PodQueue queue;

  /** Victims whose deletion was asked for, until it shows in the cluster. */
  private final Set<String> asked = new HashSet<>();

  private int askedLimit = ASKED;

  Evictions(Cache<Pod> pods, Cluster cluster, Binder binder, Inbox inbox, PodQueue queue) {
    this.pods = pods;
    this.cluster = cluster;
    this.binder = binder;
    this.inbox = inbox;
    this.queue = queue;
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

  /** Those for whom the row's node was being cleared, and is. */
  List<String> cleared(int row) {
    return cluster.nominated(row).stream()
        .filter(placed -> !isUnderWay(row, placed.demand()))
        .map(Placed::uid)
        .toList();
  }

  /** Removes the victims; the pod is expected on their node. Returns its name. */
  String clear(Preemption.Choice choice, Pod pod, Demand demand) throws InterruptedException {
    String node = cluster.nodeOf(choice.row()).metadata().nameOr("");
    for (Placed other : cluster.nominated(choice.row())) {
      if (other.demand().priority() < demand.priority()) {
        cluster.unnominate(other.uid());
        queue.wakeExpecting(other.uid());
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
        binder.preempt(
            now.get(),
            pod,
            node,
            refusal -> refusal.ifPresent(e -> inbox.note(() -> stays(uid, choice.row()))));
      }
    }
    forgetThoseThatShow();
    return node;
  }

  /** A victim was not deleted: whoever waits for its place has to look again. */
  private void stays(String uid, int row) {
    asked.remove(uid);
    cleared(row).forEach(queue::wakeExpecting);
  }

  private void forgetThoseThatShow() {
    if (asked.size() > askedLimit) {
      asked.removeIf(uid -> cluster.placed(uid).map(Placed::isLeaving).orElse(true));
      askedLimit = Math.max(ASKED, 2 * asked.size());
    }
  }
}
