package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.resource.v1.AllocationResult;
import dev.kapell.api.resource.v1.DeviceAllocationResult;
import dev.kapell.api.resource.v1.DeviceRequestAllocationResult;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.sim.story.Moment;
import java.util.List;

/** No device is allocated to two claims, and nobody uses a claim that has none. */
final class DeviceGivenOnce implements Law {
  @Override
  public void at(Moment moment, Scene scene) {
    moment.after(ResourceClaim.class).ifPresent(claim -> check(claim, scene));
  }

  private void check(ResourceClaim claim, Scene scene) {
    String name = claim.metadata().nameOr("");
    if (claim.status().allocation() == null && !claim.status().reservedFor().isEmpty()) {
      scene.broken(this, "claim " + name + " has users and no devices");
    }
    List<String> own = devices(claim);
    if (own.isEmpty()) {
      return;
    }
    for (ResourceClaim other : scene.picture().all(Types.RESOURCE_CLAIM)) {
      if (!other.metadata().uidOr("").equals(claim.metadata().uidOr(""))) {
        devices(other).stream()
            .filter(own::contains)
            .forEach(
                device ->
                    scene.broken(
                        this,
                        "device "
                            + device
                            + " belongs to the claims "
                            + name
                            + " and "
                            + other.metadata().nameOr("")));
      }
    }
  }

  private static List<String> devices(ResourceClaim claim) {
    AllocationResult allocation = claim.status().allocation();
    return allocation == null
        ? List.of()
        : allocation.devicesOr(DeviceAllocationResult.EMPTY).results().stream()
            .filter(result -> !result.adminAccessOr(false))
            .map(DeviceGivenOnce::name)
            .toList();
  }

  private static String name(DeviceRequestAllocationResult result) {
    return result.driverOr("") + "/" + result.poolOr("") + "/" + result.deviceOr("");
  }
}
