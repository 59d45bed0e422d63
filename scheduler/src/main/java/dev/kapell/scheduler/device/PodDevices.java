package dev.kapell.scheduler.device;

import dev.kapell.api.core.v1.Node;
import dev.kapell.api.core.v1.NodeSelector;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.DeviceClaim;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimTemplate;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.match.DeviceClaims;
import dev.kapell.control.match.NodeSelection;
import dev.kapell.scheduler.demand.Demand;
import dev.kapell.scheduler.demand.DeviceUse;
import dev.kapell.scheduler.device.ClaimAsk.UnfitClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The device claims of one pod, sorted by what they need before it can start.
 *
 * @param allocated those that have their devices, or are about to get them for another pod
 * @param waiting those that get them on the node that is chosen
 * @param hopeless why the pod cannot go anywhere yet
 * @param inventory the devices on offer
 */
public record PodDevices(
    List<Reservation> allocated,
    List<ClaimAsk> waiting,
    Optional<String> hopeless,
    Inventory inventory) {
  private static final String ELSEWHERE = "resourceclaim not available on the node";

  /** Copies. */
  public PodDevices {
    allocated = List.copyOf(allocated);
    waiting = List.copyOf(waiting);
  }

  /** Of a pod. */
  public static PodDevices of(Demand demand, Devices devices) {
    List<Reservation> allocated = new ArrayList<>();
    List<ClaimAsk> waiting = new ArrayList<>();
    try {
      for (DeviceUse use : demand.devices()) {
        ObjectKey key = new ObjectKey(demand.namespace(), use.claim());
        ResourceClaim claim =
            use.isThere() ? found(use, key, devices) : foretold(use, key, devices);
        Optional<AllocationResult> had = devices.allocation(key, claim);
        String uid = claim.metadata().uidOr("");
        if (had.isPresent()) {
          boolean isNew = claim.status().allocation() == null;
          allocated.add(new Reservation(key, uid, had.get(), isNew));
        } else {
          DeviceClaim asked = claim.spec().devicesOr(DeviceClaim.EMPTY);
          waiting.add(checked(ClaimAsk.of(key, uid, asked, devices)));
        }
      }
    } catch (UnfitClaim e) {
      return new PodDevices(List.of(), List.of(), Optional.of(e.words()), Inventory.none());
    }
    Inventory inventory = waiting.isEmpty() ? Inventory.none() : devices.inventory().get();
    return new PodDevices(allocated, waiting, Optional.empty(), inventory);
  }

  private static ResourceClaim found(DeviceUse use, ObjectKey key, Devices devices)
      throws UnfitClaim {
    Optional<ResourceClaim> found = devices.claims().apply(key);
    if (found.isEmpty()) {
      throw new UnfitClaim("resourceclaim \"" + key.name() + "\" not found");
    }
    ResourceClaim claim = found.get();
    if (claim.metadata().deletionTimestamp() != null) {
      throw new UnfitClaim("resourceclaim \"" + key.name() + "\" is being deleted");
    }
    if (!use.owner().isEmpty() && !isOwnedBy(claim, use.owner())) {
      throw new UnfitClaim(
          "ResourceClaim " + key + " was not created for the pod (pod is not owner)");
    }
    boolean isFull = claim.status().reservedFor().size() >= DeviceClaims.MOST_USERS;
    if (isFull && claim.status().allocation() != null) {
      throw new UnfitClaim("resourceclaim in use");
    }
    return claim;
  }

  private static boolean isOwnedBy(ResourceClaim claim, String uid) {
    return claim.metadata().ownerReferences().stream()
        .filter(reference -> reference.controllerOr(false))
        .map((OwnerReference reference) -> reference.uidOr(""))
        .anyMatch(uid::equals);
  }

  private static ResourceClaim foretold(DeviceUse use, ObjectKey key, Devices devices)
      throws UnfitClaim {
    Optional<ResourceClaimTemplate> template =
        devices.templates().apply(new ObjectKey(key.namespace(), use.template()));
    if (template.isEmpty()) {
      throw new UnfitClaim(
          "the ResourceClaim for resourceClaims entry \"" + use.entry() + "\" is not created yet");
    }
    return ResourceClaim.builder().spec(template.get().spec().spec()).build();
  }

  private static ClaimAsk checked(ClaimAsk claim) throws UnfitClaim {
    if (!claim.devices().constraints().stream().allMatch(Constraint::isKnown)) {
      throw new UnfitClaim(
          "claim "
              + claim.key()
              + ": a constraint needs exactly one of matchAttribute and distinctAttribute");
    }
    return claim;
  }

  /** Why the claims cannot be had on the node; empty when they can. */
  public Optional<String> refusal(Node node, Devices devices) {
    if (!areReachable(node)) {
      return Optional.of(ELSEWHERE);
    }
    return waiting.isEmpty()
        ? Optional.empty()
        : switch (search(node, devices)) {
          case Search.Result.Found found -> Optional.empty();
          case Search.Result.Refused(String why) -> Optional.of(why);
        };
  }

  /** What is done about the claims when the pod goes to the node; empty when they are not there. */
  public Optional<List<Reservation>> choice(Node node, Devices devices) {
    if (hopeless.isPresent() || !areReachable(node)) {
      return Optional.empty();
    }
    List<Reservation> reservations = new ArrayList<>(allocated);
    if (!waiting.isEmpty()) {
      if (!(search(node, devices) instanceof Search.Result.Found(List<Search.Pick> picks))) {
        return Optional.empty();
      }
      for (ClaimAsk claim : waiting) {
        List<Search.Pick> own =
            picks.stream().filter(pick -> pick.claim().key().equals(claim.key())).toList();
        reservations.add(
            new Reservation(claim.key(), claim.uid(), Allotment.of(claim, own, node), true));
      }
    }
    return Optional.of(reservations);
  }

  private boolean areReachable(Node node) {
    for (Reservation each : allocated) {
      NodeSelector nodes = each.allocation().nodeSelector();
      if (nodes != null && !NodeSelection.matches(nodes, node)) {
        return false;
      }
    }
    return true;
  }

  private Search.Result search(Node node, Devices devices) {
    return Search.of(waiting, inventory.reachableFrom(node), devices::isTaken);
  }
}
