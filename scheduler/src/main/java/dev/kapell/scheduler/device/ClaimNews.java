package dev.kapell.scheduler.device;

import dev.kapell.api.meta.v1.OwnerReference;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.control.match.DeviceClaims;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of claims may help pods that wait: one is there, one is gone or going, devices are
 * free, a claim that several may use has its devices, or room for one more user. Pure.
 */
public final class ClaimNews {
  private ClaimNews() {}

  /** Whether anybody has to hear; null for what was or is not there. */
  public static boolean isNews(@Nullable ResourceClaim before, @Nullable ResourceClaim after) {
    if (before == null || after == null) {
      return true;
    }
    boolean had = before.status().allocation() != null;
    boolean has = after.status().allocation() != null;
    if (had != has) {
      return had || !isOfOnePod(after);
    }
    int users = before.status().reservedFor().size();
    return (users >= DeviceClaims.MOST_USERS && after.status().reservedFor().size() < users)
        || (before.metadata().deletionTimestamp() == null)
            != (after.metadata().deletionTimestamp() == null);
  }

  private static boolean isOfOnePod(ResourceClaim claim) {
    return claim.metadata().ownerReferences().stream()
        .filter(owner -> owner.controllerOr(false))
        .map((OwnerReference owner) -> owner.kindOr(""))
        .anyMatch("Pod"::equals);
  }
}
