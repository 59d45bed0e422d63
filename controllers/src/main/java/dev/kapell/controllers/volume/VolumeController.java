package dev.kapell.controllers.volume;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps the phases of volumes, and frees those whose claims are gone. */
public final class VolumeController implements Planner<String, Keeping.Seen> {
  private final Cache<PersistentVolume> volumes;
  private final Cache<PersistentVolumeClaim> claims;
  private final Index<PersistentVolume, ObjectKey> byClaim;

  private VolumeController(LoopContext context) {
    this.volumes = context.caches().of(Types.PERSISTENT_VOLUME);
    this.claims = context.caches().of(Types.PERSISTENT_VOLUME_CLAIM);
    this.byClaim = volumes.index(ClaimController.BY_CLAIM);
  }

  /** Starts the loop. */
  public static ControlLoop<String> start(LoopContext context, int workers) {
    VolumeController controller = new VolumeController(context);
    ControlLoop<String> loop = context.planned("volumes", controller);
    controller.volumes.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(after.metadata().nameOr(""));
          }
        });
    controller.claims.onChange(
        (before, after) -> {
          PersistentVolumeClaim claim = after == null ? before : after;
          if (claim != null) {
            List<PersistentVolume> kept = controller.byClaim.get(ObjectKey.of(claim));
            kept.forEach(volume -> loop.add(volume.metadata().nameOr("")));
          }
        });
    return loop.start(workers);
  }

  @Override
  public Optional<Keeping.Seen> observe(String name) {
    return volumes
        .find(ObjectKey.cluster(name))
        .map(
            volume ->
                new Keeping.Seen(volume, ClaimController.claim(volume).flatMap(claims::find)));
  }

  @Override
  public Plan decide(Keeping.Seen seen, Instant now) {
    return Keeping.next(seen, now);
  }
}
