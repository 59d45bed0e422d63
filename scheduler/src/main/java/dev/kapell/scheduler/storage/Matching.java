package dev.kapell.scheduler.storage;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.core.v1.ObjectReference;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.core.v1.TopologySelectorLabelRequirement;
import dev.kapell.api.core.v1.TopologySelectorTerm;
import dev.kapell.api.resource.Quantity;
import dev.kapell.api.storage.v1.CSIStorageCapacity;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.control.match.Selectors;
import java.util.List;
import java.util.Map;

/** Which volume may serve which claim, and from where. Pure. */
public final class Matching {
  private Matching() {}

  /** Whether the volume can be used on the node. */
  public static boolean isReachable(PersistentVolume volume, Node node) {
    var affinity = volume.spec().nodeAffinity();
    NodeSelector required = affinity == null ? null : affinity.required();
    return required == null || NodeSelection.matches(required, node);
  }

  /** Whether a free volume, or one kept for this very claim, has what the claim asks for. */
  static boolean serves(PersistentVolume volume, PersistentVolumeClaim claim) {
    ObjectReference kept = volume.spec().claimRef();
    if (kept != null) {
      return isFor(kept, claim);
    }
    String phase = volume.status().phaseOr("");
    return (phase.isEmpty() || phase.equals("Available"))
        && volume.metadata().deletionTimestamp() == null
        && volume.spec().storageClassNameOr("").equals(claim.spec().storageClassNameOr(""))
        && volume.spec().volumeModeOr("Filesystem").equals(claim.spec().volumeModeOr("Filesystem"))
        && volume
            .spec()
            .volumeAttributesClassNameOr("")
            .equals(claim.spec().volumeAttributesClassNameOr(""))
        && volume.spec().accessModes().containsAll(claim.spec().accessModes())
        && (claim.spec().selector() == null
            || Selectors.matches(claim.spec().selector(), volume.metadata().labels()))
        && size(volume).compareTo(size(claim)) >= 0;
  }

  /** Whether a volume that is kept for somebody is kept for {@code claim}. */
  public static boolean isFor(ObjectReference kept, PersistentVolumeClaim claim) {
    String uid = kept.uidOr("");
    return kept.nameOr("").equals(claim.metadata().nameOr(""))
        && kept.namespaceOr("").equals(claim.metadata().namespaceOr(""))
        && (uid.isEmpty() || uid.equals(claim.metadata().uidOr("")));
  }

  static Quantity size(PersistentVolume volume) {
    return volume.spec().capacity().getOrDefault("storage", Quantity.ZERO);
  }

  private static Quantity size(PersistentVolumeClaim claim) {
    var resources = claim.spec().resources();
    return resources == null
        ? Quantity.ZERO
        : resources.requests().getOrDefault("storage", Quantity.ZERO);
  }

  /** Whether volumes of the class may be made for the node. */
  static boolean isAllowed(StorageClass type, Node node) {
    List<TopologySelectorTerm> terms = type.allowedTopologies();
    return terms.isEmpty() || terms.stream().anyMatch(term -> holds(term, node));
  }

  private static boolean holds(TopologySelectorTerm term, Node node) {
    Map<String, String> labels = node.metadata().labels();
    for (TopologySelectorLabelRequirement wanted : term.matchLabelExpressions()) {
      String value = labels.get(wanted.keyOr(""));
      if (value == null || !wanted.values().contains(value)) {
        return false;
      }
    }
    return true;
  }

  /** Whether what is left at the node is enough for the claim. */
  static boolean suffices(CSIStorageCapacity left, PersistentVolumeClaim claim, Node node) {
    Quantity most = left.maximumVolumeSize() == null ? left.capacity() : left.maximumVolumeSize();
    return most != null
        && most.compareTo(size(claim)) >= 0
        && left.nodeTopology() != null
        && Selectors.matches(left.nodeTopology(), node.metadata().labels());
  }

  static ObjectKey key(PersistentVolumeClaim claim) {
    return ObjectKey.of(claim);
  }
}
