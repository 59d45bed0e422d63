package dev.kapell.controllers.volume;

import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.storage.v1.StorageClass;
import java.util.List;
import java.util.Optional;

/**
 * A claim and all that its binding depends on. Immutable.
 *
 * @param named the volume that the claim names; empty when there is none
 * @param volumes all of the claim's class, and those that are kept for it
 * @param storageClass that the claim names
 * @param defaultClass for claims that name none
 * @param consumers names of pods that wait for a node and use the claim
 */
record ClaimSeen(
    PersistentVolumeClaim claim,
    Optional<PersistentVolume> named,
    List<PersistentVolume> volumes,
    Optional<StorageClass> storageClass,
    Optional<String> defaultClass,
    List<String> consumers) {
  /** Copies. */
  ClaimSeen {
    volumes = List.copyOf(volumes);
    consumers = List.copyOf(consumers);
  }

  /** The claim waits until the scheduler has chosen a node for its first consumer. */
  boolean isDelayed() {
    return storageClass
            .map(each -> each.volumeBindingModeOr("").equals("WaitForFirstConsumer"))
            .orElse(false)
        && !claim.metadata().annotations().containsKey(Marks.SELECTED_NODE);
  }
}
