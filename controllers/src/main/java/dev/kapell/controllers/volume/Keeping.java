package dev.kapell.controllers.volume;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.Plan;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The next step of a volume: its phase, and what becomes of it without its claim. Pure. */
final class Keeping {
  private Keeping() {}

  /**
   * A volume and the claim that it is kept for.
   *
   * @param claim by the name in the volume's reference; empty when there is none
   */
  record Seen(PersistentVolume volume, Optional<PersistentVolumeClaim> claim) {}

  static Plan next(Seen seen, Instant now) {
    PersistentVolume volume = seen.volume();
    ObjectReference reference = volume.spec().claimRef();
    if (reference == null || reference.uidOr("").isEmpty()) {
      return phase(volume, "Available", "", now);
    }
    Optional<PersistentVolumeClaim> claim =
        seen.claim().filter(each -> each.metadata().uidOr("?").equals(reference.uidOr("")));
    if (claim.isEmpty()) {
      return released(volume, now);
    }
    String named = claim.get().spec().volumeNameOr("");
    if (named.equals(volume.metadata().nameOr("?"))) {
      return phase(volume, "Bound", "", now);
    }
    return named.isEmpty() ? Plan.NOTHING : spare(volume, now);
  }

  private static Plan released(PersistentVolume volume, Instant now) {
    String phase = volume.status().phaseOr("");
    if (!phase.equals("Released") && !phase.equals("Failed")) {
      return phase(volume, "Released", "", now);
    }
    if (phase.equals("Failed")) {
      return Plan.NOTHING;
    }
    String name = volume.metadata().nameOr("");
    return switch (volume.spec().persistentVolumeReclaimPolicyOr("Retain")) {
      case "Delete" ->
          isOthers(volume)
              ? Plan.NOTHING
              : failed(
                  volume,
                  "VolumeFailedDelete",
                  "error getting deleter volume plugin for volume \""
                      + name
                      + "\": no deletable volume plugin matched: delete the volume yourself, or use the policy Retain",
                  now);
      case "Recycle" ->
          failed(
              volume,
              "VolumeFailedRecycle",
              "no recyclable volume plugin matched: use the policy Retain",
              now);
      default -> Plan.NOTHING;
    };
  }

  /** Who made it will delete it. */
  private static boolean isOthers(PersistentVolume volume) {
    return volume.metadata().annotations().containsKey(Marks.PROVISIONED_BY)
        || volume.spec().csi() != null;
  }

  /** Its claim has found another volume. One that was made for the claim has no other use. */
  private static Plan spare(PersistentVolume volume, Instant now) {
    boolean made = volume.metadata().annotations().containsKey(Marks.PROVISIONED_BY);
    if (made && volume.spec().persistentVolumeReclaimPolicyOr("Retain").equals("Delete")) {
      return phase(volume, "Released", "", now);
    }
    Map<String, String> marks = new LinkedHashMap<>(volume.metadata().annotations());
    boolean ours = marks.remove(Marks.BOUND_BY_CONTROLLER) != null;
    ObjectReference reference = volume.spec().claimRef();
    PersistentVolume free =
        volume
            .withMetadata(volume.metadata().withAnnotations(marks))
            .withSpec(
                volume
                    .spec()
                    .withClaimRef(ours || reference == null ? null : reference.withUid(null)));
    return Plan.of(
        Change.update(Types.PERSISTENT_VOLUME, volume, free, "its claim has another volume"));
  }

  private static Plan failed(PersistentVolume volume, String reason, String message, Instant now) {
    return new Plan.Builder()
        .addAll(phase(volume, "Failed", message, now).changes())
        .add(Change.warn(volume, reason, message))
        .build();
  }

  private static Plan phase(PersistentVolume volume, String phase, String message, Instant now) {
    var status = volume.status();
    if (status.phaseOr("").equals(phase) && status.messageOr("").equals(message)) {
      return Plan.NOTHING;
    }
    var after =
        status
            .withPhase(phase)
            .withMessage(message.isEmpty() ? null : message)
            .withReason(null)
            .withLastPhaseTransitionTime(now);
    return Plan.of(
        Change.updateStatus(
            Types.PERSISTENT_VOLUME, volume, volume.withStatus(after), "it is " + phase));
  }
}
