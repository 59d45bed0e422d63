package dev.kapell.apiserver.admission;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;

/** A claim may ask for more when its class lets volumes grow. */
final class ClaimResizes implements Admission {
  @Override
  public void validate(Attempt attempt, Obj claim) {
    if (!attempt.updates("persistentvolumeclaims") || attempt.old().isEmpty()) {
      return;
    }
    Obj old = attempt.old().get();
    if (storage(claim).compareTo(storage(old)) <= 0) {
      return;
    }
    if (!old.child("status").text("phase").equals("Bound")) {
      throw refused(attempt, claim, "Only bound persistent volume claims can be expanded");
    }
    String className = claim.child("spec").text("storageClassName");
    boolean grows =
        !className.isEmpty()
            && className.equals(old.child("spec").text("storageClassName"))
            && attempt
                .lookup()
                .find("storage.k8s.io/storageclasses", className)
                .map(each -> Boolean.TRUE.equals(each.get("allowVolumeExpansion")))
                .orElse(false);
    if (!grows) {
      throw refused(
          attempt,
          claim,
          "only dynamically provisioned pvc can be resized and the storageclass that provisions"
              + " the pvc must support resize");
    }
  }

  private static RuntimeException refused(Attempt attempt, Obj claim, String why) {
    return Failures.forbidden(attempt.resource(), claim.child("metadata").text("name"), why);
  }

  private static Quantity storage(Obj claim) {
    String text = claim.child("spec").child("resources").child("requests").text("storage");
    return text.isEmpty() ? Quantity.ZERO : Quantity.parse(text);
  }
}
