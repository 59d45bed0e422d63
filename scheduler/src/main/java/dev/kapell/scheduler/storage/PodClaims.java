package dev.kapell.scheduler.storage;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.PersistentVolume;
import dev.kapell.api.core.v1.PersistentVolumeClaim;
import dev.kapell.api.storage.v1.StorageClass;
import dev.kapell.client.ObjectKey;
import dev.kapell.scheduler.demand.Demand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The claims of one pod, sorted by what they need before it can start.
 *
 * @param bound the volumes that it has
 * @param waiting claims that are bound once a node is chosen
 * @param hopeless why it cannot go anywhere yet
 */
public record PodClaims(
    List<PersistentVolume> bound, List<PersistentVolumeClaim> waiting, Optional<String> hopeless) {
  private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  private static final String NOT_BOUND =
      "node(s) didn't find available persistent volumes to bind";
  private static final String NO_SPACE = "node(s) did not have enough free storage";

  /** Copies. */
  public PodClaims {
    bound = List.copyOf(bound);
    waiting = List.copyOf(waiting);
  }

  /** Of a pod that demands this. */
  public static PodClaims of(Demand demand, Storage storage) {
    List<PersistentVolume> bound = new ArrayList<>();
    List<PersistentVolumeClaim> waiting = new ArrayList<>();
    for (String name : demand.claims()) {
      Optional<PersistentVolumeClaim> found =
          storage.claims().apply(new ObjectKey(demand.namespace(), name));
      if (found.isEmpty()) {
        return hopeless(
            demand.isOwnClaim(name)
                ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \""
                    + name
                    + "\""
                : "persistentvolumeclaim \"" + name + "\" not found");
      }
      PersistentVolumeClaim claim = found.get();
      String volume = claim.spec().volumeNameOr("");
      if (claim.metadata().deletionTimestamp() != null) {
        return hopeless("persistentvolumeclaim \"" + name + "\" is being deleted");
      }
      if (claim.status().phaseOr("").equals("Lost")) {
        return hopeless(
            "persistentvolumeclaim \""
                + name
                + "\" bound to non-existent persistentvolume \""
                + volume
                + "\"");
      }
      if (!volume.isEmpty()) {
        Optional<PersistentVolume> there = storage.volumes().apply(volume);
        if (there.isEmpty()) {
          return hopeless(
              "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
        }
        bound.add(there.get());
      } else if (waitsForNode(claim, storage)) {
        waiting.add(claim);
      } else {
        return hopeless("pod has unbound immediate PersistentVolumeClaims");
      }
    }
    return new PodClaims(bound, waiting, Optional.empty());
  }

  private static PodClaims hopeless(String reason) {
    return new PodClaims(List.of(), List.of(), Optional.of(reason));
  }

  private static boolean waitsForNode(PersistentVolumeClaim claim, Storage storage) {
    return type(claim, storage)
        .map(type -> type.volumeBindingModeOr("Immediate").equals("WaitForFirstConsumer"))
        .orElse(false);
  }

  private static Optional<StorageClass> type(PersistentVolumeClaim claim, Storage storage) {
    String name = claim.spec().storageClassNameOr("");
    return name.isEmpty() ? Optional.empty() : storage.classes().apply(name);
  }

  /** Why the waiting claims cannot be served at the node; empty when they can. */
  public Optional<String> refusal(Node node, Storage storage) {
    List<String> reasons = new ArrayList<>();
    choose(node, storage, reasons);
    return reasons.stream().findFirst();
  }

  /** What is done about the waiting claims when the pod goes to the node, which serves them. */
  public Choice choice(Node node, Storage storage) {
    return choose(node, storage, new ArrayList<>());
  }

  private Choice choose(Node node, Storage storage, List<String> reasons) {
    List<Choice.Match> matches = new ArrayList<>();
    List<ObjectKey> provisioned = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (PersistentVolumeClaim claim : waiting) {
      String selected = claim.metadata().annotations().getOrDefault(SELECTED_NODE, "");
      if (!selected.isEmpty()) {
        // Somebody is making its volume already.
        if (selected.equals(node.metadata().nameOr(""))) {
          provisioned.add(Matching.key(claim));
        } else {
          reasons.add(NOT_BOUND);
        }
        continue;
      }
      Optional<PersistentVolume> match = smallest(claim, node, storage, taken);
      if (match.isPresent()) {
        String name = match.get().metadata().nameOr("");
        taken.add(name);
        matches.add(new Choice.Match(Matching.key(claim), name));
        continue;
      }
      Optional<String> refused = provision(claim, node, storage);
      refused.ifPresentOrElse(reasons::add, () -> provisioned.add(Matching.key(claim)));
    }
    return new Choice(matches, provisioned);
  }

  private static Optional<PersistentVolume> smallest(
      PersistentVolumeClaim claim, Node node, Storage storage, Set<String> taken) {
    ObjectKey key = Matching.key(claim);
    return storage.volumesOf().apply(claim.spec().storageClassNameOr("")).stream()
        .filter(volume -> !taken.contains(volume.metadata().nameOr("")))
        .filter(volume -> !storage.promises().isGivenAway(volume.metadata().nameOr(""), key))
        .filter(volume -> Matching.serves(volume, claim) && Matching.isReachable(volume, node))
        .min(
            Comparator.comparing((PersistentVolume v) -> v.spec().claimRef() == null)
                .thenComparing(Matching::size));
  }

  private static Optional<String> provision(
      PersistentVolumeClaim claim, Node node, Storage storage) {
    Optional<StorageClass> type = type(claim, storage);
    String provisioner = type.map(t -> t.provisionerOr("")).orElse("");
    if (type.isEmpty()
        || provisioner.isEmpty()
        || provisioner.equals("kubernetes.io/no-provisioner")
        || !Matching.isAllowed(type.get(), node)) {
      return Optional.of(NOT_BOUND);
    }
    boolean limited =
        storage
            .drivers()
            .apply(provisioner)
            .map(driver -> driver.spec().storageCapacityOr(false))
            .orElse(false);
    boolean enough =
        !limited
            || storage.capacities().apply(type.get().metadata().nameOr("")).stream()
                .anyMatch(left -> Matching.suffices(left, claim, node));
    return enough ? Optional.empty() : Optional.of(NO_SPACE);
  }
}
