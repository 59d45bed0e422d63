package dev.kapell.scheduler;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimConsumerReference;
import dev.kapell.api.resource.v1.ResourceClaimStatus;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.Client;
import dev.kapell.client.ObjectKey;
import dev.kapell.control.cache.Cache;
import dev.kapell.control.loop.LoopContext;
import dev.kapell.control.match.DeviceClaims;
import dev.kapell.scheduler.device.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes which devices the claims of a pod get, and that the pod uses them, before it is bound; and
 * takes that back. Thread-safe.
 */
final class DeviceBinder {
  private static final System.Logger LOG = System.getLogger("kapell.scheduler");

  /** So often a claim is written when others write at the same time. */
  private static final int TRIES = 8;

  private final Client client;
  private final Cache<ResourceClaim> claims;

  DeviceBinder(LoopContext context) {
    this.client = context.client();
    this.claims = context.caches().of(Types.RESOURCE_CLAIM);
  }

  /** Returns when all is written, or why that was not to be; some may be written then. */
  Optional<ApiFailure> reserve(Pod pod, List<Reservation> reservations) {
    try {
      reservations.forEach(each -> changed(() -> reserve(pod, each)));
      return Optional.empty();
    } catch (ApiFailure e) {
      return Optional.of(e.isNotFound() ? passed(String.valueOf(e.getMessage())) : e);
    }
  }

  private void reserve(Pod pod, Reservation reservation) {
    ResourceClaim claim = client.get(Types.RESOURCE_CLAIM, reservation.claim());
    ResourceClaimStatus status = claim.status();
    boolean isAllocated = status.allocation() != null;
    boolean fits =
        claim.metadata().uidOr("").equals(reservation.uid())
            && claim.metadata().deletionTimestamp() == null
            && (isAllocated
                ? reservation.allocation().equals(status.allocation())
                : reservation.isNew());
    if (!fits) {
      throw passed("resourceclaim " + reservation.claim() + " is not as it was any more");
    }
    ResourceClaim held = isAllocated ? claim : held(claim);
    List<ResourceClaimConsumerReference> users = new ArrayList<>(status.reservedFor());
    if (users.stream().noneMatch(user -> isOf(user, pod))) {
      users.add(user(pod));
    }
    ResourceClaimStatus after =
        status.withAllocation(reservation.allocation()).withReservedFor(users);
    if (!after.equals(status)) {
      claims.written(client.updateStatus(Types.RESOURCE_CLAIM, held.withStatus(after)));
    }
  }

  /** Not to go as long as it has devices. */
  private ResourceClaim held(ResourceClaim claim) {
    List<String> finalizers = claim.metadata().finalizers();
    if (finalizers.contains(DeviceClaims.FINALIZER)) {
      return claim;
    }
    List<String> more = new ArrayList<>(finalizers);
    more.add(DeviceClaims.FINALIZER);
    return client.update(
        Types.RESOURCE_CLAIM, claim.withMetadata(claim.metadata().withFinalizers(more)));
  }

  /** The pod was not bound: it uses nothing, and what only it was to have is free again. */
  void release(Pod pod, List<Reservation> reservations) {
    if (isBound(pod)) {
      return; // by somebody else
    }
    for (Reservation each : reservations) {
      try {
        changed(() -> release(pod, each));
      } catch (ApiFailure e) {
        if (!e.isNotFound()) {
          LOG.log(
              System.Logger.Level.WARNING,
              "devices stay reserved object={0} cause={1}",
              each.claim(),
              e.getMessage());
        }
      }
    }
  }

  private boolean isBound(Pod pod) {
    return client
        .find(Types.POD, ObjectKey.of(pod))
        .filter(now -> Intake.isSame(now, pod) && !now.spec().nodeNameOr("").isEmpty())
        .isPresent();
  }

  private void release(Pod pod, Reservation reservation) {
    ResourceClaim claim = client.get(Types.RESOURCE_CLAIM, reservation.claim());
    ResourceClaimStatus status = claim.status();
    List<ResourceClaimConsumerReference> others =
        status.reservedFor().stream().filter(user -> !isOf(user, pod)).toList();
    if (others.size() == status.reservedFor().size()
        || !claim.metadata().uidOr("").equals(reservation.uid())) {
      return;
    }
    ResourceClaimStatus after = status.withReservedFor(others);
    if (others.isEmpty() && reservation.isNew()) {
      after = after.withAllocation(null).withDevices(List.of());
    }
    claims.written(client.updateStatus(Types.RESOURCE_CLAIM, claim.withStatus(after)));
  }

  private static boolean isOf(ResourceClaimConsumerReference user, Pod pod) {
    return user.uidOr("").equals(pod.metadata().uidOr("?"));
  }

  private static ResourceClaimConsumerReference user(Pod pod) {
    return ResourceClaimConsumerReference.builder()
        .resource("pods")
        .name(pod.metadata().nameOr(""))
        .uid(pod.metadata().uidOr(""))
        .build();
  }

  /** Reads and writes again when somebody else wrote in between. */
  private static void changed(Runnable write) {
    for (int left = TRIES - 1; ; left--) {
      try {
        write.run();
        return;
      } catch (ApiFailure e) {
        if (!e.isConflict() || left == 0) {
          throw e;
        }
      }
    }
  }

  /** What the decision was made on is not so any more: no reason to write it again. */
  private static ApiFailure passed(String why) {
    return new ApiFailure(
        Status.builder().status("Failure").code(410).reason("Gone").message(why).build());
  }
}
