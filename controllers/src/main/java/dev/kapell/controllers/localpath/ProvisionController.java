package dev.kapell.controllers.localpath;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.storage.LocalStorage;
import dev.kapell.controllers.volume.Asked;
import dev.kapell.controllers.volume.Marks;
import java.time.Instant;
import java.util.Optional;

/** Makes local volumes for claims that ask for them. */
public final class ProvisionController implements Planner<ObjectKey, Provision.Seen> {
  private final Cache<PersistentVolumeClaim> claims;
  private final Cache<PersistentVolume> volumes;
  private final Cache<StorageClass> classes;
  private final Cache<Node> nodes;

  private ProvisionController(LoopContext context) {
    this.claims = context.caches().of(Types.PERSISTENT_VOLUME_CLAIM);
    this.volumes = context.caches().of(Types.PERSISTENT_VOLUME);
    this.classes = context.caches().of(Types.STORAGE_CLASS);
    this.nodes = context.caches().of(Types.NODE);
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    ProvisionController controller = new ProvisionController(context);
    ControlLoop<ObjectKey> loop = context.planned("localpath", controller);
    controller.claims.onChange(
        (before, after) -> {
          if (after != null && isOurs(after)) {
            loop.add(ObjectKey.of(after));
          }
        });
    controller.volumes.onChange(
        (before, after) -> {
          if (after != null && LocalStorage.isOurs(after) && after.spec().claimRef() != null) {
            loop.add(
                new ObjectKey(
                    after.spec().claimRef().namespaceOr(""), after.spec().claimRef().nameOr("")));
          }
        });
    return loop.start(workers);
  }

  private static boolean isOurs(PersistentVolumeClaim claim) {
    return LocalStorage.PROVISIONER.equals(claim.metadata().annotations().get(Marks.PROVISIONER));
  }

  @Override
  public Optional<Provision.Seen> observe(ObjectKey key) {
    return claims.find(key).filter(ProvisionController::isOurs).map(this::see);
  }

  private Provision.Seen see(PersistentVolumeClaim claim) {
    String named = claim.spec().volumeNameOr(Provision.nameFor(claim));
    String node = claim.metadata().annotations().getOrDefault(Marks.SELECTED_NODE, "");
    return new Provision.Seen(
        claim,
        volumes.find(ObjectKey.cluster(named)),
        classes.find(ObjectKey.cluster(Asked.of(claim).className())),
        nodes.find(ObjectKey.cluster(node)));
  }

  @Override
  public Plan decide(Provision.Seen seen, Instant now) {
    return Provision.next(seen);
  }
}
