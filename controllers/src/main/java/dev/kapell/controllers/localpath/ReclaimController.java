package dev.kapell.controllers.localpath;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.storage.LocalStorage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Deletes local volumes that are released and are to be deleted. The node's agent removes the
 * folder first; of a node that is gone, the folder is gone too.
 */
public final class ReclaimController implements Planner<String, ReclaimController.Seen> {
  /**
   * A volume that is ours.
   *
   * @param hasNode the node that it is on is there
   */
  record Seen(PersistentVolume volume, boolean hasNode) {}

  private final Cache<PersistentVolume> volumes;
  private final Cache<Node> nodes;

  private ReclaimController(LoopContext context) {
    this.volumes = context.caches().of(Types.PERSISTENT_VOLUME);
    this.nodes = context.caches().of(Types.NODE);
  }

  /** Starts the loop. */
  public static ControlLoop<String> start(LoopContext context, int workers) {
    ReclaimController controller = new ReclaimController(context);
    ControlLoop<String> loop = context.planned("localreclaim", controller);
    controller.volumes.onChange(
        (before, after) -> {
          if (after != null && LocalStorage.isOurs(after)) {
            loop.add(after.metadata().nameOr(""));
          }
        });
    controller.nodes.onChange(
        (before, after) -> {
          if (after == null) {
            controller.volumes.all().stream()
                .filter(volume -> volume.metadata().deletionTimestamp() != null)
                .forEach(volume -> loop.add(volume.metadata().nameOr("")));
          }
        });
    return loop.start(workers);
  }

  @Override
  public Optional<Seen> observe(String name) {
    return volumes
        .find(ObjectKey.cluster(name))
        .filter(LocalStorage::isOurs)
        .map(
            volume ->
                new Seen(
                    volume,
                    nodes.all().stream().anyMatch(node -> LocalStorage.isOn(volume, node))));
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return next(seen);
  }

  /** Delete, then let go of what nobody else will. */
  static Plan next(Seen seen) {
    PersistentVolume volume = seen.volume();
    if (volume.metadata().deletionTimestamp() == null) {
      boolean due =
          volume.status().phaseOr("").equals("Released")
              && volume.spec().persistentVolumeReclaimPolicyOr("").equals("Delete");
      return due
          ? Plan.of(Change.delete(Types.PERSISTENT_VOLUME, volume, "released"))
          : Plan.NOTHING;
    }
    if (seen.hasNode() || !LocalStorage.isPending(volume)) {
      return Plan.NOTHING;
    }
    List<String> others =
        volume.metadata().finalizers().stream()
            .filter(each -> !each.equals(LocalStorage.FINALIZER))
            .toList();
    return Plan.of(
        Change.update(
            Types.PERSISTENT_VOLUME,
            volume,
            volume.withMetadata(volume.metadata().withFinalizers(others)),
            "its node is gone"));
  }
}
