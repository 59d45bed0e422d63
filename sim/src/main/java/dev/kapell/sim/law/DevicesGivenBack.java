package dev.kapell.sim.law;

import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.api.resource.v1.ResourceClaimConsumerReference;
import dev.kapell.client.ObjectKey;
import java.util.HashMap;
import java.util.Map;

/**
 * In the end no claim has users that are gone or have ended, and none without users has devices.
 */
final class DevicesGivenBack implements Law {
  @Override
  public void atRest(Scene scene) {
    Map<String, Pod> pods = new HashMap<>();
    scene.picture().all(Types.POD).forEach(pod -> pods.put(Facts.uid(pod), pod));
    for (ResourceClaim claim : scene.picture().all(Types.RESOURCE_CLAIM)) {
      String name = "claim " + ObjectKey.of(claim);
      for (ResourceClaimConsumerReference user : claim.status().reservedFor()) {
        Pod pod = pods.get(user.uidOr(""));
        if (pod == null || Facts.isFinished(pod)) {
          scene.broken(
              this,
              name
                  + " is reserved for pod "
                  + user.nameOr("")
                  + ", which "
                  + (pod == null ? "is gone" : "has ended"));
        }
      }
      if (claim.status().reservedFor().isEmpty() && claim.status().allocation() != null) {
        scene.broken(this, name + " has devices and no users");
      }
    }
  }
}
