package dev.kapell.controllers.daemonset;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.DaemonSet;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.base.Clock;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.history.Revisions;
import dev.kapell.controllers.workload.PodWatch;
import dev.kapell.controllers.workload.Rivals;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps a pod of each DaemonSet on every node that fits. */
public final class DaemonSetController implements Planner<ObjectKey, Daemons.Seen> {
  private final Cache<Node> nodes;
  private final Revisions revisions;
  private final Rivals rivals;
  private final PodWatch<DaemonSet> pods;
  private final FailedPods failed = new FailedPods();
  private final Clock clock;

  private DaemonSetController(LoopContext context) {
    this.clock = context.clock();
    this.nodes = context.caches().of(Types.NODE);
    this.revisions = new Revisions(context.caches());
    this.rivals = new Rivals(context.caches());
    this.pods = PodWatch.bySelector(context, Types.DAEMON_SET, set -> set.spec().selector());
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    DaemonSetController controller = new DaemonSetController(context);
    ControlLoop<ObjectKey> loop = context.planned("daemonset", controller);
    controller.pods.feed(loop);
    controller.nodes.onChange(
        (before, after) -> {
          if (mattersForPlacement(before, after)) {
            controller.pods.owners().all().forEach(set -> loop.add(ObjectKey.of(set)));
          }
        });
    return loop.start(workers);
  }

  private static boolean mattersForPlacement(@Nullable Node before, @Nullable Node after) {
    return before == null
        || after == null
        || !before.metadata().labels().equals(after.metadata().labels())
        || !before.spec().taints().equals(after.spec().taints());
  }

  @Override
  public Optional<Daemons.Seen> observe(ObjectKey key) {
    return pods.owners().find(key).map(set -> seen(set, pods.candidates(set)));
  }

  private Daemons.Seen seen(DaemonSet set, List<Pod> candidates) {
    String uid = set.metadata().uidOr("?");
    LabelSelector selector = set.spec().selector();
    return new Daemons.Seen(
        set,
        candidates,
        nodes.all(),
        revisions.candidates(set, selector),
        revisions.isTaken(set, Daemons.revisionName(set)),
        failed.waits(uid, candidates, clock.now()),
        rivals.of(set, selector));
  }

  @Override
  public Plan decide(Daemons.Seen seen, Instant now) {
    return Daemons.decide(seen, now);
  }
}
