package dev.kapell.scheduler.storage;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.storage.v1.CSIDriver;
import dev.kapell.api.storage.v1.CSINode;
import dev.kapell.api.storage.v1.CSIStorageCapacity;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.api.storage.v1.VolumeAttachment;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Caches;
import dev.kapell.control.cache.Index;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything about volumes that a decision looks at.
 *
 * @param claims by key
 * @param volumes by name
 * @param volumesOf those of a class, by its name
 * @param classes by name
 * @param drivers by name
 * @param nodes what a node's drivers can attach, by its name
 * @param capacities what is left of a class, by its name
 * @param attachments to a node, by its name
 * @param promises volumes that pods on their way will be bound to
 */
public record Storage(
    Function<ObjectKey, Optional<PersistentVolumeClaim>> claims,
    Function<String, Optional<PersistentVolume>> volumes,
    Function<String, List<PersistentVolume>> volumesOf,
    Function<String, Optional<StorageClass>> classes,
    Function<String, Optional<CSIDriver>> drivers,
    Function<String, Optional<CSINode>> nodes,
    Function<String, List<CSIStorageCapacity>> capacities,
    Function<String, List<VolumeAttachment>> attachments,
    Promises promises) {
  private static final Index.Keys<PersistentVolume, String> BY_CLASS =
      volume -> List.of(volume.spec().storageClassNameOr(""));
  private static final Index.Keys<CSIStorageCapacity, String> CAPACITY_BY_CLASS =
      capacity -> List.of(capacity.storageClassNameOr(""));
  private static final Index.Keys<VolumeAttachment, String> BY_NODE =
      attachment -> List.of(attachment.spec().nodeNameOr(""));

  /** No volumes at all. */
  public static Storage none() {
    return new Storage(
        key -> Optional.empty(),
        name -> Optional.empty(),
        name -> List.of(),
        name -> Optional.empty(),
        name -> Optional.empty(),
        name -> Optional.empty(),
        name -> List.of(),
        name -> List.of(),
        new Promises());
  }

  /** The same with other claims. */
  public Storage withClaims(Function<ObjectKey, Optional<PersistentVolumeClaim>> others) {
    return new Storage(
        others, volumes, volumesOf, classes, drivers, nodes, capacities, attachments, promises);
  }

  /** What {@code caches} hold. */
  public static Storage of(Caches caches) {
    return new Storage(
        caches.of(Types.PERSISTENT_VOLUME_CLAIM)::find,
        name -> caches.of(Types.PERSISTENT_VOLUME).find(ObjectKey.cluster(name)),
        caches.of(Types.PERSISTENT_VOLUME).index(BY_CLASS)::get,
        name -> caches.of(Types.STORAGE_CLASS).find(ObjectKey.cluster(name)),
        name -> caches.of(Types.CSI_DRIVER).find(ObjectKey.cluster(name)),
        name -> caches.of(Types.CSI_NODE).find(ObjectKey.cluster(name)),
        caches.of(Types.CSI_STORAGE_CAPACITY).index(CAPACITY_BY_CLASS)::get,
        caches.of(Types.VOLUME_ATTACHMENT).index(BY_NODE)::get,
        new Promises());
  }
}
