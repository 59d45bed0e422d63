package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.tree.Obj;

/** A claim that names no storage class gets the default one, if there is one. */
final class DefaultStorageClass implements Admission {
  private static final String MARK = "storageclass.kubernetes.io/is-default-class";

  @Override
  public void admit(Attempt attempt, Obj claim) {
    if (!attempt.creates("persistentvolumeclaims")
        || claim.child("spec").has("storageClassName")
        || claim
            .child("metadata")
            .strings("annotations")
            .containsKey("volume.beta.kubernetes.io/storage-class")) {
      return;
    }
    Defaulted.among(attempt.lookup(), "storage.k8s.io/storageclasses", MARK)
        .ifPresent(name -> claim.make("spec").put("storageClassName", name));
  }
}
