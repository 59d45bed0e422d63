package dev.kapell.controllers.volume;

import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.control.match.Selectors;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Which volume satisfies a claim (reference: persistent volumes, binding). Pure. */
final class Match {
  private Match() {}

  /** The volume is kept for this claim, or bound to it. */
  static boolean isFor(PersistentVolume volume, PersistentVolumeClaim claim) {
    ObjectReference reference = volume.spec().claimRef();
    if (reference == null
        || !reference.nameOr("").equals(claim.metadata().nameOr("?"))
        || !reference.namespaceOr("").equals(claim.metadata().namespaceOr("?"))) {
      return false;
    }
    String uid = reference.uidOr("");
    return uid.isEmpty() || uid.equals(claim.metadata().uidOr("?"));
  }

  /**
   * The volume kept for the claim, else the smallest that is free.
   *
   * @param onlyKept a free one is not to be chosen yet
   */
  static Optional<PersistentVolume> best(
      PersistentVolumeClaim claim, List<PersistentVolume> volumes, boolean onlyKept) {
    Optional<PersistentVolume> kept =
        volumes.stream()
            .filter(volume -> isFor(volume, claim) && objection(claim, volume).isEmpty())
            .findFirst();
    if (kept.isPresent() || onlyKept) {
      return kept;
    }
    return volumes.stream()
        .filter(volume -> isFree(volume) && isSelected(claim, volume))
        .filter(volume -> objection(claim, volume).isEmpty())
        .min(
            Comparator.comparing(Asked::capacity)
                .thenComparing(volume -> volume.metadata().nameOr("")));
  }

  private static boolean isFree(PersistentVolume volume) {
    return volume.spec().claimRef() == null
        && volume.metadata().deletionTimestamp() == null
        && volume.status().phaseOr("").equals("Available");
  }

  private static boolean isSelected(PersistentVolumeClaim claim, PersistentVolume volume) {
    return claim.spec().selector() == null
        || Selectors.matches(claim.spec().selector(), volume.metadata().labels());
  }

  /** Why the claim cannot have the volume, as the event says it. */
  static Optional<String> objection(PersistentVolumeClaim claim, PersistentVolume volume) {
    Asked asked = Asked.of(claim);
    if (volume.metadata().deletionTimestamp() != null) {
      return Optional.of("the volume is marked for deletion");
    }
    if (Asked.capacity(volume).compareTo(asked.storage()) < 0) {
      return Optional.of("requested PV is too small");
    }
    if (!Asked.className(volume).equals(asked.className())) {
      return Optional.of("storageClassName does not match");
    }
    if (!claim
        .spec()
        .volumeAttributesClassNameOr("")
        .equals(volume.spec().volumeAttributesClassNameOr(""))) {
      return Optional.of("volumeAttributesClassName does not match");
    }
    if (!Asked.volumeMode(volume).equals(asked.volumeMode())) {
      return Optional.of("incompatible volumeMode");
    }
    if (!new HashSet<>(volume.spec().accessModes()).containsAll(asked.accessModes())) {
      return Optional.of("incompatible accessMode");
    }
    return Optional.empty();
  }
}
