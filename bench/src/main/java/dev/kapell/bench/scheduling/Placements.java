package dev.kapell.bench.scheduling;

import dev.kapell.api.core.v1.Pod;
import dev.kapell.scheduler.choice.Verdicts;
import dev.kapell.scheduler.cluster.Cluster;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.ResourceNames;
import dev.kapell.scheduler.extender.Extenders;
import dev.kapell.scheduler.plugin.View;
import dev.kapell.scheduler.profile.Profile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/** Decisions alone: no server, no store. One thread's. */
final class Placements {
  private static final int PODS = 10_000;
  private static final int WARM_UP = 3_000;

  private Placements() {}

  /** Nanoseconds of processor for each pod placed on that many nodes. */
  static double nanosEach(Fleet.Kind kind, int nodes) throws InterruptedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Cluster cluster = new Cluster(new ResourceNames());
    for (int i = 0; i < nodes; i++) {
      cluster.putNode(Fleet.node(i));
    }
    List<Pod> pods = new ArrayList<>();
    for (int i = 0; i < WARM_UP + PODS; i++) {
      Pod pod = Fleet.pod(kind, i, WARM_UP + PODS);
      pods.add(pod.withMetadata(pod.metadata().withUid("uid-" + i)));
    }
    Verdicts verdicts = new Verdicts(Profile.standard(), View.of(cluster), Extenders.NONE);
    for (Pod pod : pods.subList(0, WARM_UP)) {
      place(pod, cluster, verdicts);
    }
    long started = threads.getCurrentThreadCpuTime();
    for (Pod pod : pods.subList(WARM_UP, pods.size())) {
      place(pod, cluster, verdicts);
    }
    return (double) (threads.getCurrentThreadCpuTime() - started) / PODS;
  }

  private static void place(Pod pod, Cluster cluster, Verdicts verdicts)
      throws InterruptedException {
    Demand demand = Demand.of(pod, cluster.names());
    int row =
        verdicts
            .best(pod, demand)
            .row()
            .orElseThrow(() -> new IllegalStateException("a pod does not fit"));
    cluster.assume(pod, demand, row);
  }
}
