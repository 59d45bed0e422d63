package dev.kapell.controllers.volume;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Leads claims to volumes. */
public final class ClaimController implements Planner<ObjectKey, ClaimSeen> {
  private static final String IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

  private static final Index.Keys<PersistentVolume, String> BY_CLASS =
      volume -> List.of(Asked.className(volume));

  static final Index.Keys<PersistentVolume, ObjectKey> BY_CLAIM =
      volume -> claim(volume).stream().toList();

  /** Claims without a volume, by their class. */
  private static final Index.Keys<PersistentVolumeClaim, String> UNBOUND_BY_CLASS =
      claim ->
          claim.spec().volumeNameOr("").isEmpty() ? List.of(Asked.className(claim)) : List.of();

  /** Claims by the volume that they name. */
  private static final Index.Keys<PersistentVolumeClaim, String> BY_VOLUME =
      claim ->
          claim.spec().volumeNameOr("").isEmpty()
              ? List.of()
              : List.of(claim.spec().volumeNameOr(""));

  private final Cache<PersistentVolumeClaim> claims;
  private final Cache<PersistentVolume> volumes;
  private final Cache<StorageClass> classes;
  private final Index<PersistentVolume, String> volumesByClass;
  private final Index<PersistentVolume, ObjectKey> volumesByClaim;
  private final Index<PersistentVolumeClaim, String> unbound;
  private final Index<PersistentVolumeClaim, String> byVolume;
  private final Index<Pod, ObjectKey> podsByClaim;

  private ClaimController(LoopContext context) {
    this.claims = context.caches().of(Types.PERSISTENT_VOLUME_CLAIM);
    this.volumes = context.caches().of(Types.PERSISTENT_VOLUME);
    this.classes = context.caches().of(Types.STORAGE_CLASS);
    this.volumesByClass = volumes.index(BY_CLASS);
    this.volumesByClaim = volumes.index(BY_CLAIM);
    this.unbound = claims.index(UNBOUND_BY_CLASS);
    this.byVolume = claims.index(BY_VOLUME);
    this.podsByClaim = context.caches().of(Types.POD).index(PodClaims.BY_CLAIM);
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    ClaimController controller = new ClaimController(context);
    ControlLoop<ObjectKey> loop = context.planned("claims", controller);
    controller.claims.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(ObjectKey.of(after));
          }
        });
    controller.volumes.onChange((before, after) -> controller.add(loop, before, after));
    controller.classes.onChange(
        (before, after) -> {
          if (after != null) {
            controller.unbound.get(after.metadata().nameOr("")).forEach(each -> add(loop, each));
            controller.unbound.get("").forEach(each -> add(loop, each));
          }
        });
    return loop.start(workers);
  }

  /** The claim that it is kept for, those that name it, and those that could have it. */
  private void add(
      ControlLoop<ObjectKey> loop,
      @Nullable PersistentVolume before,
      @Nullable PersistentVolume after) {
    PersistentVolume volume = after == null ? before : after;
    if (volume == null) {
      return;
    }
    claim(volume).ifPresent(loop::add);
    byVolume.get(volume.metadata().nameOr("")).forEach(each -> add(loop, each));
    if (after != null && after.spec().claimRef() == null) {
      unbound.get(Asked.className(after)).forEach(each -> add(loop, each));
    }
  }

  private static void add(ControlLoop<ObjectKey> loop, PersistentVolumeClaim claim) {
    loop.add(ObjectKey.of(claim));
  }

  /** The claim that a volume is kept for. */
  static Optional<ObjectKey> claim(PersistentVolume volume) {
    ObjectReference reference = volume.spec().claimRef();
    return reference == null
        ? Optional.empty()
        : Optional.of(new ObjectKey(reference.namespaceOr(""), reference.nameOr("")));
  }

  @Override
  public Optional<ClaimSeen> observe(ObjectKey key) {
    return claims.find(key).map(claim -> see(key, claim));
  }

  private ClaimSeen see(ObjectKey key, PersistentVolumeClaim claim) {
    String className = Asked.className(claim);
    List<PersistentVolume> candidates = new ArrayList<>(volumesByClaim.get(key));
    if (claim.spec().volumeNameOr("").isEmpty()) {
      candidates.addAll(volumesByClass.get(className));
    }
    List<String> consumers =
        podsByClaim.get(key).stream()
            .filter(pod -> pod.spec().nodeNameOr("").isEmpty())
            .map(pod -> pod.metadata().nameOr(""))
            .toList();
    return new ClaimSeen(
        claim,
        volumes.find(ObjectKey.cluster(claim.spec().volumeNameOr(""))),
        candidates,
        classes.find(ObjectKey.cluster(className)),
        defaultClass(),
        consumers);
  }

  /** Of several the newest, as at admission. */
  private Optional<String> defaultClass() {
    return classes.all().stream()
        .filter(each -> "true".equals(each.metadata().annotations().get(IS_DEFAULT)))
        .max(
            Comparator.comparing(
                (StorageClass each) -> each.metadata().creationTimestampOr(Instant.EPOCH)))
        .map(each -> each.metadata().nameOr(""));
  }

  @Override
  public Plan decide(ClaimSeen seen, Instant now) {
    return Binding.next(seen);
  }
}
