package dev.kapell.controllers.resourceclaim;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimConsumerReference;
import dev.kapell.api.resource.v1.ResourceClaimStatus;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.cache.Index;
import dev.kapell.control.loop.Change;
import dev.kapell.control.loop.ControlLoop;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.loop.Plan;
import dev.kapell.control.loop.Planner;
import dev.kapell.control.match.DeviceClaims;
import dev.kapell.controllers.workload.Owners;
import dev.kapell.controllers.workload.Pods;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives back what nobody uses: takes pods that have ended out of a claim's users, frees the devices
 * when the last one has, deletes claims that were made for pods that have ended, and lets go of
 * those that are to go.
 */
public final class ReservationController implements Planner<ObjectKey, ReservationController.Seen> {
  private static final Index.Keys<ResourceClaim, String> BY_USER =
      claim ->
          claim.status().reservedFor().stream()
              .filter(ReservationController::isPod)
              .map(user -> user.uidOr(""))
              .toList();

  /**
   * A claim.
   *
   * @param pods its users and its owner, by name, as far as they are there
   */
  record Seen(ResourceClaim claim, Map<String, Pod> pods) {
    /** Copies. */
    Seen {
      pods = Map.copyOf(pods);
    }
  }

  private final Client client;
  private final Cache<ResourceClaim> claims;
  private final Cache<Pod> pods;
  private final Index<ResourceClaim, String> claimsByUser;

  private ReservationController(LoopContext context) {
    this.client = context.client();
    this.claims = context.caches().of(Types.RESOURCE_CLAIM);
    this.pods = context.caches().of(Types.POD);
    this.claimsByUser = claims.index(BY_USER);
  }

  /** Starts the loop. */
  public static ControlLoop<ObjectKey> start(LoopContext context, int workers) {
    ReservationController controller = new ReservationController(context);
    ControlLoop<ObjectKey> loop = context.planned("reservations", controller);
    controller.claims.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(ObjectKey.of(after));
          }
        });
    controller.pods.onChange((before, after) -> controller.addLeft(loop, before, after));
    return loop.start(workers);
  }

  private void addLeft(ControlLoop<ObjectKey> loop, @Nullable Pod before, @Nullable Pod after) {
    Pod left = after == null ? before : isDone(after) ? after : null;
    if (left != null && !left.spec().resourceClaims().isEmpty()) {
      DeviceClaims.keys(left).forEach(loop::add);
      claimsByUser.get(left.metadata().uidOr("")).forEach(claim -> loop.add(ObjectKey.of(claim)));
    }
  }

  @Override
  public Optional<Seen> observe(ObjectKey key) {
    return claims.find(key).map(this::seen);
  }

  private Seen seen(ResourceClaim claim) {
    Map<String, Pod> there = new HashMap<>();
    String namespace = claim.metadata().namespaceOr("");
    for (ResourceClaimConsumerReference user : claim.status().reservedFor()) {
      if (isPod(user)) {
        ObjectKey key = new ObjectKey(namespace, user.nameOr(""));
        // A claim may tell of a pod of which the cache of pods has not heard yet.
        pods.find(key)
            .filter(pod -> isUser(pod, user))
            .or(() -> client.find(Types.POD, key))
            .ifPresent(pod -> there.put(key.name(), pod));
      }
    }
    owner(claim)
        .flatMap(owner -> pods.find(new ObjectKey(namespace, owner.nameOr(""))))
        .ifPresent(pod -> there.putIfAbsent(pod.metadata().nameOr(""), pod));
    return new Seen(claim, there);
  }

  private static boolean isPod(ResourceClaimConsumerReference user) {
    return user.apiGroupOr("").isEmpty() && user.resourceOr("").equals("pods");
  }

  private static boolean isUser(Pod pod, ResourceClaimConsumerReference user) {
    return user.uidOr("").equals(pod.metadata().uidOr("?"));
  }

  private static Optional<OwnerReference> owner(ResourceClaim claim) {
    return Owners.controllerOf(claim).filter(owner -> owner.kindOr("").equals("Pod"));
  }

  /** It has ended, or will never start. */
  private static boolean isDone(Pod pod) {
    return Pods.isFinished(pod) || (Pods.isTerminating(pod) && pod.spec().nodeNameOr("").isEmpty());
  }

  @Override
  public Plan decide(Seen seen, Instant now) {
    return next(seen);
  }

  static Plan next(Seen seen) {
    ResourceClaim claim = seen.claim();
    ResourceClaimStatus status = claim.status();
    List<ResourceClaimConsumerReference> users =
        status.reservedFor().stream().filter(user -> isUsing(user, seen)).toList();
    boolean left = users.size() < status.reservedFor().size();
    boolean going = Pods.isTerminating(claim);
    boolean frees = users.isEmpty() && status.allocation() != null && (left || going);
    if (left || frees) {
      ResourceClaimStatus after = status.withReservedFor(users);
      if (frees) {
        after = after.withAllocation(null).withDevices(List.of());
      }
      Plan.Builder plan = new Plan.Builder();
      plan.add(
          Change.updateStatus(
              Types.RESOURCE_CLAIM,
              claim,
              claim.withStatus(after),
              frees ? "nobody uses its devices any more" : "pods that used it have ended"));
      return plan.addAll(users.isEmpty() ? deleted(seen) : List.of()).build();
    }
    if (!users.isEmpty()) {
      return Plan.NOTHING;
    }
    return going ? released(claim) : new Plan.Builder().addAll(deleted(seen)).build();
  }

  /** A user that is no pod is nobody's business here, so it stays. */
  private static boolean isUsing(ResourceClaimConsumerReference user, Seen seen) {
    if (!isPod(user)) {
      return true;
    }
    Pod pod = seen.pods().get(user.nameOr(""));
    return pod != null && isUser(pod, user) && !isDone(pod);
  }

  /** Of a pod that is gone the garbage collector knows. */
  private static List<Change> deleted(Seen seen) {
    ResourceClaim claim = seen.claim();
    boolean orphaned =
        owner(claim)
            .map(
                owner -> {
                  Pod pod = seen.pods().get(owner.nameOr(""));
                  return pod != null
                      && (!owner.uidOr("").equals(pod.metadata().uidOr("")) || isDone(pod));
                })
            .orElse(false);
    return orphaned && !Pods.isTerminating(claim)
        ? List.of(
            Change.delete(Types.RESOURCE_CLAIM, claim, "the pod that it was made for has ended"))
        : List.of();
  }

  private static Plan released(ResourceClaim claim) {
    List<String> finalizers = new ArrayList<>(claim.metadata().finalizers());
    if (!finalizers.remove(DeviceClaims.FINALIZER)) {
      return Plan.NOTHING;
    }
    return Plan.of(
        Change.update(
            Types.RESOURCE_CLAIM,
            claim,
            claim.withMetadata(claim.metadata().withFinalizers(finalizers)),
            "no device is allocated to it"));
  }
}
