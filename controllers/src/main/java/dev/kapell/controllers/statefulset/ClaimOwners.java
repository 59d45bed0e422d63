package dev.kapell.controllers.statefulset;

import dev.kapell.api.Types;
import dev.kapell.api.apps.v1.StatefulSet;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.loop.Change;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose a StatefulSet's claims are, by its retention policy; the garbage collector then deletes
 * them with their owner. Pure.
 *
 * <pre>
 *   whenDeleted  whenScaled   a claim in range   beyond the range
 *   Retain       Retain       nobody's           nobody's
 *   Delete       Retain       the set's          the set's
 *   Retain       Delete       nobody's           its pod's
 *   Delete       Delete       the set's          its pod's
 * </pre>
 */
record ClaimOwners(StatefulSet set, Map<ObjectKey, PersistentVolumeClaim> there) {
  private enum Owner {
    NOBODY,
    SET,
    POD
  }

  /** The claims that a number lacks. */
  List<Change> missing(int ordinal) {
    List<Change> changes = new ArrayList<>();
    for (PersistentVolumeClaim claim : Identity.claims(set, ordinal)) {
      if (!there.containsKey(ObjectKey.of(claim))) {
        List<OwnerReference> owners =
            owner(false) == Owner.SET ? List.of(Owners.reference(set)) : List.of();
        PersistentVolumeClaim owned =
            claim.withMetadata(claim.metadata().withOwnerReferences(owners));
        changes.add(Change.create(Types.PERSISTENT_VOLUME_CLAIM, owned, "a pod without its claim"));
      }
    }
    return changes;
  }

  /** A claim of this number is about to go with an earlier pod: a new one has to wait for that. */
  boolean isLeaving(int ordinal) {
    String pod = Identity.podName(set, ordinal);
    return of(ordinal).stream()
        .anyMatch(
            claim ->
                Pods.isTerminating(claim)
                    || claim.metadata().ownerReferences().stream().anyMatch(r -> isPod(r, pod)));
  }

  /**
   * What makes the claims of a pod belong to whom they should.
   *
   * @param beyond its number is not wanted any more
   */
  List<Change> settle(Pod pod, int ordinal, boolean beyond) {
    List<Change> changes = new ArrayList<>();
    for (PersistentVolumeClaim claim : of(ordinal)) {
      List<OwnerReference> wanted = wanted(claim, pod, beyond);
      if (!isAnothers(claim, pod) && !wanted.equals(claim.metadata().ownerReferences())) {
        PersistentVolumeClaim owned =
            claim.withMetadata(claim.metadata().withOwnerReferences(wanted));
        changes.add(
            Change.update(Types.PERSISTENT_VOLUME_CLAIM, claim, owned, "by the retention policy"));
      }
    }
    return changes;
  }

  private List<PersistentVolumeClaim> of(int ordinal) {
    return Identity.claims(set, ordinal).stream()
        .flatMap(claim -> Optional.ofNullable(there.get(ObjectKey.of(claim))).stream())
        .toList();
  }

  private List<OwnerReference> wanted(PersistentVolumeClaim claim, Pod pod, boolean beyond) {
    String podName = pod.metadata().nameOr("");
    List<OwnerReference> references = new ArrayList<>(claim.metadata().ownerReferences());
    references.removeIf(r -> isPod(r, podName) || isSet(r));
    switch (owner(beyond)) {
      case NOBODY -> {}
      case SET -> references.add(Owners.reference(set));
      case POD -> references.add(Owners.reference(pod));
    }
    return references;
  }

  private Owner owner(boolean beyond) {
    var policy = set.spec().persistentVolumeClaimRetentionPolicy();
    if (policy == null) {
      return Owner.NOBODY;
    }
    if (beyond && policy.whenScaledOr("Retain").equals("Delete")) {
      return Owner.POD;
    }
    return policy.whenDeletedOr("Retain").equals("Delete") ? Owner.SET : Owner.NOBODY;
  }

  private boolean isAnothers(PersistentVolumeClaim claim, Pod pod) {
    return Owners.controllerOf(claim)
        .filter(r -> !isSet(r) && !isPod(r, pod.metadata().nameOr("")))
        .isPresent();
  }

  private boolean isSet(OwnerReference reference) {
    return reference.kindOr("").equals(Types.STATEFUL_SET.kind())
        && reference.nameOr("").equals(set.metadata().nameOr("?"));
  }

  private static boolean isPod(OwnerReference reference, String name) {
    return reference.kindOr("").equals(Types.POD.kind()) && reference.nameOr("").equals(name);
  }
}
