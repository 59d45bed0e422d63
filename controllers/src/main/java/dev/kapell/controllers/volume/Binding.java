package dev.kapell.controllers.volume;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.PersistentVolumeClaimStatus;
import dev.kapell.api.resource.Quantity;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The next step of a claim towards its volume. Pure. */
final class Binding {
  private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

  private final ClaimSeen seen;
  private final PersistentVolumeClaim claim;

  private Binding(ClaimSeen seen) {
    this.seen = seen;
    this.claim = seen.claim();
  }

  static Plan next(ClaimSeen seen) {
    Binding binding = new Binding(seen);
    if (seen.claim().metadata().annotations().containsKey(Marks.BIND_COMPLETED)) {
      return binding.hold();
    }
    return seen.claim().spec().volumeNameOr("").isEmpty() ? binding.search() : binding.take();
  }

  /** It has been bound: is it still? */
  private Plan hold() {
    if (claim.spec().volumeNameOr("").isEmpty()) {
      return lost(
          "ClaimLost",
          "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
    }
    if (seen.named().isEmpty()) {
      return lost(
          "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    }
    PersistentVolume volume = seen.named().get();
    if (volume.spec().claimRef() == null || Match.isFor(volume, claim)) {
      return bind(volume);
    }
    return lost(
        "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
  }

  private Plan lost(String reason, String message) {
    if (claim.status().phaseOr("").equals("Lost")) {
      return Plan.NOTHING;
    }
    PersistentVolumeClaimStatus status =
        PersistentVolumeClaimStatus.EMPTY
            .withPhase("Lost")
            .withConditions(claim.status().conditions());
    return Plan.of(
        Change.updateStatus(Types.PERSISTENT_VOLUME_CLAIM, claim, claim.withStatus(status), reason),
        Change.warn(claim, reason, message));
  }

  /** Somebody has said which volume it should have. */
  private Plan take() {
    Optional<PersistentVolume> named = seen.named();
    if (named.isEmpty()) {
      return pending();
    }
    PersistentVolume volume = named.get();
    boolean kept = Match.isFor(volume, claim);
    if (!kept && volume.spec().claimRef() != null) {
      return pending(); // It may be freed one day.
    }
    Optional<String> objection = Match.objection(claim, volume);
    if (!kept && objection.isPresent()) {
      String name = volume.metadata().nameOr("");
      return pending(
          Change.warn(
              claim,
              "VolumeMismatch",
              "Cannot bind to requested volume \"" + name + "\": " + objection.get()));
    }
    return bind(volume);
  }

  private Plan search() {
    boolean delayed = seen.isDelayed();
    Optional<PersistentVolume> best = Match.best(claim, seen.volumes(), delayed);
    if (best.isPresent()) {
      return bind(best.get());
    }
    if (claim.spec().storageClassName() == null && seen.defaultClass().isPresent()) {
      return Plan.of(
          Change.update(
              Types.PERSISTENT_VOLUME_CLAIM,
              claim,
              claim.withSpec(claim.spec().withStorageClassName(seen.defaultClass().get())),
              "there is a default class now"));
    }
    return delayed ? await() : provision();
  }

  private Plan await() {
    String waiting = String.join(",", seen.consumers());
    return pending(
        waiting.isEmpty()
            ? Change.tell(
                claim,
                "WaitForFirstConsumer",
                "waiting for first consumer to be created before binding")
            : Change.tell(
                claim, "WaitForPodScheduled", "waiting for pod " + waiting + " to be scheduled"));
  }

  /** Nothing is free: its class's provisioner, which may be anybody's, is asked by a mark. */
  private Plan provision() {
    String className = Asked.className(claim);
    if (className.isEmpty()) {
      return pending(
          Change.tell(
              claim,
              "FailedBinding",
              "no persistent volumes available for this claim and no storage class is set"));
    }
    if (seen.storageClass().isEmpty()) {
      return pending(
          Change.warn(
              claim,
              "ProvisioningFailed",
              "storageclass.storage.k8s.io \"" + className + "\" not found"));
    }
    String provisioner = seen.storageClass().get().provisionerOr("");
    if (provisioner.equals(NO_PROVISIONER)) {
      return pending(
          Change.tell(
              claim,
              "FailedBinding",
              "no persistent volumes available for this claim and its class makes none"));
    }
    Map<String, String> marks = new LinkedHashMap<>(claim.metadata().annotations());
    marks.put(Marks.PROVISIONER, provisioner);
    marks.put(Marks.OLD_PROVISIONER, provisioner);
    if (!marks.equals(claim.metadata().annotations())) {
      return Plan.of(
          Change.update(
              Types.PERSISTENT_VOLUME_CLAIM,
              claim,
              claim.withMetadata(claim.metadata().withAnnotations(marks)),
              "no free volume"));
    }
    return pending(
        Change.tell(
            claim,
            "ExternalProvisioning",
            "Waiting for a volume to be created either by the external provisioner '"
                + provisioner
                + "' or manually by the system administrator. If volume creation is delayed, please"
                + " verify that the provisioner is running and correctly registered."));
  }

  private Plan pending(Change... told) {
    Plan.Builder plan = new Plan.Builder();
    if (!claim.status().phaseOr("").equals("Pending")) {
      plan.add(
          Change.updateStatus(
              Types.PERSISTENT_VOLUME_CLAIM,
              claim,
              claim.withStatus(claim.status().withPhase("Pending")),
              "not bound yet"));
    }
    return plan.addAll(java.util.List.of(told)).build();
  }

  /** First the volume is kept, then the claim names it, then both say so. */
  private Plan bind(PersistentVolume volume) {
    PersistentVolume kept = kept(volume);
    if (!kept.equals(volume)) {
      return Plan.of(Change.update(Types.PERSISTENT_VOLUME, volume, kept, "the best for a claim"));
    }
    PersistentVolumeClaim naming = naming(volume);
    if (!naming.equals(claim)) {
      return Plan.of(
          Change.update(Types.PERSISTENT_VOLUME_CLAIM, claim, naming, "its volume is kept for it"));
    }
    Map<String, Quantity> capacity = new LinkedHashMap<>(claim.status().capacity());
    if (!claim.status().phaseOr("").equals("Bound")) {
      capacity.put("storage", Asked.capacity(volume));
    }
    PersistentVolumeClaimStatus status =
        claim
            .status()
            .withPhase("Bound")
            .withAccessModes(volume.spec().accessModes())
            .withCapacity(capacity);
    return Plan.of(
        Change.updateStatus(
            Types.PERSISTENT_VOLUME_CLAIM, claim, claim.withStatus(status), "bound"));
  }

  private PersistentVolume kept(PersistentVolume volume) {
    ObjectReference before = volume.spec().claimRef();
    if (before != null && before.uidOr("").equals(claim.metadata().uidOr("?"))) {
      return volume;
    }
    ObjectReference reference =
        ObjectReference.builder()
            .kind("PersistentVolumeClaim")
            .apiVersion("v1")
            .namespace(claim.metadata().namespace())
            .name(claim.metadata().name())
            .uid(claim.metadata().uid())
            .resourceVersion(claim.metadata().resourceVersion())
            .build();
    PersistentVolume kept = volume.withSpec(volume.spec().withClaimRef(reference));
    if (before != null) {
      return kept;
    }
    Map<String, String> marks = new LinkedHashMap<>(volume.metadata().annotations());
    marks.put(Marks.BOUND_BY_CONTROLLER, "yes");
    return kept.withMetadata(volume.metadata().withAnnotations(marks));
  }

  private PersistentVolumeClaim naming(PersistentVolume volume) {
    Map<String, String> marks = new LinkedHashMap<>(claim.metadata().annotations());
    marks.put(Marks.BIND_COMPLETED, "yes");
    String name = volume.metadata().nameOr("");
    if (!claim.spec().volumeNameOr("").equals(name)) {
      marks.put(Marks.BOUND_BY_CONTROLLER, "yes");
    }
    return claim
        .withSpec(claim.spec().withVolumeName(name))
        .withMetadata(claim.metadata().withAnnotations(marks));
  }
}
