package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/**
 * Volumes and claims are born with the finalizer that keeps them until nobody uses them. Follows
 * the admission plugin {@code StorageObjectInUseProtection} of Kubernetes; who takes the finalizer
 * away is a controller.
 */
final class StorageInUse implements Admission {
  @Override
  public void admit(Attempt attempt, Obj object) {
    if (attempt.creates("persistentvolumes")) {
      hold(object, "kubernetes.io/pv-protection");
    } else if (attempt.creates("persistentvolumeclaims")) {
      hold(object, "kubernetes.io/pvc-protection");
    }
  }

  private static void hold(Obj object, String finalizer) {
    List<Object> finalizers = object.make("metadata").list("finalizers");
    if (!finalizers.contains(finalizer)) {
      finalizers.add(finalizer);
    }
  }
}
