package dev.kapell.scheduler.device;

import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.DeviceAllocationResult;
import dev.kapell.api.resource.v1.DeviceRequestAllocationResult;
import dev.kapell.client.ObjectKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Devices that are about to be allocated, for pods that are being bound. The scheduler's thread's.
 */
public final class InFlight {
  private record Entry(AllocationResult allocation, Set<String> pods) {}

  private final Map<ObjectKey, Entry> claims = new HashMap<>();
  private final Map<DeviceId, Integer> devices = new HashMap<>();

  /** Nothing is. */
  public InFlight() {}

  /** The devices that a claim is about to get. */
  Optional<AllocationResult> allocation(ObjectKey claim) {
    return Optional.ofNullable(claims.get(claim)).map(Entry::allocation);
  }

  boolean holds(DeviceId device) {
    return devices.containsKey(device);
  }

  /** A pod is being bound. */
  public void start(String podUid, List<Reservation> reservations) {
    for (Reservation each : reservations) {
      if (each.isNew()) {
        claims
            .computeIfAbsent(
                each.claim(),
                key -> {
                  count(each.allocation(), 1);
                  return new Entry(each.allocation(), new HashSet<>());
                })
            .pods()
            .add(podUid);
      }
    }
  }

  /** It is bound, or will not be. */
  public void end(String podUid, List<Reservation> reservations) {
    for (Reservation each : reservations) {
      Entry entry = claims.get(each.claim());
      if (entry != null && entry.pods().remove(podUid) && entry.pods().isEmpty()) {
        claims.remove(each.claim());
        count(entry.allocation(), -1);
      }
    }
  }

  private void count(AllocationResult allocation, int difference) {
    for (DeviceRequestAllocationResult result :
        allocation.devicesOr(DeviceAllocationResult.EMPTY).results()) {
      if (!result.adminAccessOr(false)) {
        devices.merge(
            DeviceId.of(result), difference, (one, other) -> one + other == 0 ? null : one + other);
      }
    }
  }
}
