package dev.kapell.controllers.statefulset;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.LabelSelector;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.history.Revisions;
import dev.kapell.controllers.workload.PodWatch;
import dev.kapell.controllers.workload.Rivals;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the numbered pods of each StatefulSet. */
public final class StatefulSetController implements Planner<ObjectKey, Ordered.Seen> {
  private final Cache<PersistentVolumeClaim> claims;
  private final Revisions revisions;
  private final Rivals rivals;
  private final PodWatch<StatefulSet> pods;

  private StatefulSetController(LoopContext context) {
    this.claims = context.caches().of(Types.PERSISTENT_VOLUME_CLAIM);
    this.revisions = new Revisions(context.caches());
    this.rivals = new Rivals(context.caches());
    this.pods = PodWatch.bySelector(context, Types.STATEFUL_SET, set -> set.spec().selector());
  }

  /** Starts the loop with {@code workers} threads. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    StatefulSetController controller = new StatefulSetController(context);
    ControlLoop<ObjectKey> loop = context.planned("statefulset", controller);
    controller.pods.feed(loop);
    controller.claims.onChange((before, after) -> controller.addWaiting(loop, before, after));
    return loop.start(workers);
  }

  @Override
  public Optional<Ordered.Seen> observe(ObjectKey key) {
    return pods.owners().find(key).map(this::seen);
  }

  /** A number may have waited for its claim to go. */
  private void addWaiting(
      ControlLoop<ObjectKey> loop,
      @Nullable PersistentVolumeClaim before,
      @Nullable PersistentVolumeClaim after) {
    if (before == null || after != null) {
      return;
    }
    String name = before.metadata().nameOr("");
    for (StatefulSet set : pods.owners().in(before.metadata().namespaceOr(""))) {
      if (Identity.hasClaim(set, name)) {
        loop.add(ObjectKey.of(set));
      }
    }
  }

  private Ordered.Seen seen(StatefulSet set) {
    List<Pod> candidates = pods.candidates(set);
    LabelSelector selector = set.spec().selector();
    return new Ordered.Seen(
        set,
        candidates,
        revisions.candidates(set, selector),
        revisions.isTaken(set, Ordered.revisionName(set)),
        claims(set, candidates),
        rivals.of(set, selector));
  }

  private Map<ObjectKey, PersistentVolumeClaim> claims(StatefulSet set, List<Pod> candidates) {
    Map<ObjectKey, PersistentVolumeClaim> there = new HashMap<>();
    if (set.spec().volumeClaimTemplates().isEmpty()) {
      return there;
    }
    for (int ordinal : Ordered.numbers(set, candidates)) {
      for (PersistentVolumeClaim wanted : Identity.claims(set, ordinal)) {
        ObjectKey key = ObjectKey.of(wanted);
        claims.find(key).ifPresent(claim -> there.put(key, claim));
      }
    }
    return there;
  }

  @Override
  public Plan decide(Ordered.Seen seen, Instant now) {
    return Ordered.decide(seen, now);
  }

  @Override
  public Plan refused(Ordered.Seen seen, Change change, ApiFailure why, Instant now) {
    return Ordered.refused(seen, change, why);
  }
}
