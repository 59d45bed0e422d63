package dev.kapell.sim.law;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.Pod;
import dev.kapell.api.resource.v1.ResourceClaim;
import dev.kapell.client.ObjectKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** In the end nothing is left whose owners are all gone, and nothing that was to go. */
final class NoOrphan implements Law {
  @Override
  public void atRest(Scene scene) {
    Set<String> there = new HashSet<>();
    for (Map<ObjectKey, ApiObject> table : scene.picture().everything()) {
      table.values().forEach(object -> there.add(Facts.uid(object)));
    }
    for (Map<ObjectKey, ApiObject> table : scene.picture().everything()) {
      table.values().forEach(object -> check(object, there, scene));
    }
    for (Pod pod : scene.picture().all(Types.POD)) {
      String node = pod.spec().nodeNameOr("");
      if (!node.isEmpty() && scene.picture().find(Types.NODE, ObjectKey.cluster(node)).isEmpty()) {
        scene.broken(this, "pod " + ObjectKey.of(pod) + " is on " + node + ", which is gone");
      }
    }
  }

  private void check(ApiObject object, Set<String> there, Scene scene) {
    var owners = object.metadata().ownerReferences();
    if (!owners.isEmpty() && owners.stream().noneMatch(o -> there.contains(o.uidOr("")))) {
      scene.broken(
          this,
          object.kind()
              + " "
              + ObjectKey.of(object)
              + " is left, its owner "
              + owners.getFirst().name()
              + " is gone");
    }
    if (Facts.isDeleting(object) && !isInUse(object)) {
      scene.broken(
          this,
          object.kind()
              + " "
              + ObjectKey.of(object)
              + " was to go and is still there, finalizers "
              + object.metadata().finalizers());
    }
  }

  /** A claim of devices stays until its last user has ended; who that is, another law looks at. */
  private static boolean isInUse(ApiObject object) {
    return object instanceof ResourceClaim claim && !claim.status().reservedFor().isEmpty();
  }
}
