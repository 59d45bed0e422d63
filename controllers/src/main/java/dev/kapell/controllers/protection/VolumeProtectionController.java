package dev.kapell.controllers.protection;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import java.time.Instant;
import java.util.Optional;

/** Holds volumes that are to go until they are not bound any more. */
public final class VolumeProtectionController implements Planner<String, PersistentVolume> {
  private static final Finalizer FINALIZER = new Finalizer("kubernetes.io/pv-protection");

  private final Cache<PersistentVolume> volumes;

  private VolumeProtectionController(LoopContext context) {
    this.volumes = context.caches().of(Types.PERSISTENT_VOLUME);
  }

  /** Starts the loop. */
  public static ControlLoop<String> start(LoopContext context, int workers) {
    VolumeProtectionController controller = new VolumeProtectionController(context);
    ControlLoop<String> loop = context.planned("volumeprotection", controller);
    controller.volumes.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(after.metadata().nameOr(""));
          }
        });
    return loop.start(workers);
  }

  @Override
  public Optional<PersistentVolume> observe(String name) {
    return volumes.find(ObjectKey.cluster(name));
  }

  @Override
  public Plan decide(PersistentVolume volume, Instant now) {
    return next(volume);
  }

  static Plan next(PersistentVolume volume) {
    return FINALIZER.next(
        Types.PERSISTENT_VOLUME, volume, volume.status().phaseOr("").equals("Bound"));
  }
}
