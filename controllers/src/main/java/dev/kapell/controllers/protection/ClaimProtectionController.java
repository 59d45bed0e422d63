package dev.kapell.controllers.protection;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.controllers.volume.PodClaims;
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds claims that are to go until no pod uses them. */
public final class ClaimProtectionController
    implements Planner<ObjectKey, ClaimProtectionController.Seen> {
  private static final Finalizer FINALIZER = new Finalizer("kubernetes.io/pvc-protection");

  /** A claim and the pods that name it. */
  record Seen(PersistentVolumeClaim claim, List<Pod> pods) {}

  private final Cache<PersistentVolumeClaim> claims;
  private final Cache<Pod> pods;
  private final Index<Pod, ObjectKey> podsByClaim;

  private ClaimProtectionController(LoopContext context) {
    this.claims = context.caches().of(Types.PERSISTENT_VOLUME_CLAIM);
    this.pods = context.caches().of(Types.POD);
    this.podsByClaim = pods.index(PodClaims.BY_CLAIM);
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    ClaimProtectionController controller = new ClaimProtectionController(context);
    ControlLoop<ObjectKey> loop = context.planned("claimprotection", controller);
    controller.claims.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(ObjectKey.of(after));
          }
        });
    controller.pods.onChange(
        (before, after) -> {
          if (before != null && (after == null || !isUsing(after))) {
            controller.addGoing(loop, before);
          }
        });
    return loop.start(workers);
  }

  private void addGoing(ControlLoop<ObjectKey> loop, @Nullable Pod pod) {
    if (pod != null) {
      PodClaims.of(pod).stream()
          .filter(key -> claims.find(key).map(Pods::isTerminating).orElse(false))
          .forEach(loop::add);
    }
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    return claims.find(key).map(claim -> new Seen(claim, podsByClaim.get(key)));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return next(seen);
  }

  /** No node starts a pod on a claim that is to go, so one without a node does not use it. */
  static Plan next(Seen seen) {
    boolean used = seen.pods().stream().anyMatch(ClaimProtectionController::isUsing);
    return FINALIZER.next(Types.PERSISTENT_VOLUME_CLAIM, seen.claim(), used);
  }

  private static boolean isUsing(Pod pod) {
    return !Pods.isFinished(pod) && !pod.spec().nodeNameOr("").isEmpty();
  }
}
