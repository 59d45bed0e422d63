package dev.kapell.controllers.statefulset;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.ControllerRevision;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.history.History;
import dev.kapell.controllers.workload.PodWatch;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps the numbered pods of each StatefulSet. */
public final class StatefulSetController implements Planner<ObjectKey, Ordered.Seen> {
  private final Cache<PersistentVolumeClaim> claims;
  private final Index<ControllerRevision, String> revisions;
  private final PodWatch<StatefulSet> pods;

  private StatefulSetController(LoopContext context) {
    this.claims = context.caches().of(Types.PERSISTENT_VOLUME_CLAIM);
    this.revisions = History.index(context.caches());
    this.pods = PodWatch.bySelector(context, Types.STATEFUL_SET, set -> set.spec().selector());
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    StatefulSetController controller = new StatefulSetController(context);
    ControlLoop<ObjectKey> loop = context.planned("statefulset", controller);
    controller.pods.feed(loop);
    return loop.start(workers);
  }

  @Override
  public Optional<Ordered.Seen> observe(ObjectKey key) {
    return pods.owners().find(key).map(this::seen);
  }

  private Ordered.Seen seen(StatefulSet set) {
    Map<ObjectKey, PersistentVolumeClaim> there = new HashMap<>();
    if (!set.spec().volumeClaimTemplates().isEmpty()) {
      for (PersistentVolumeClaim claim : claims.in(set.metadata().namespaceOr(""))) {
        there.put(ObjectKey.of(claim), claim);
      }
    }
    return new Ordered.Seen(
        set, pods.candidates(set), revisions.get(set.metadata().uidOr("?")), there);
  }

  @Override
  public Plan decide(Ordered.Seen seen, Instant now) {
    return Ordered.decide(seen, now);
  }
}
