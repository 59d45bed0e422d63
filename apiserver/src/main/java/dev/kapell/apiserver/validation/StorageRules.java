package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;

/** Volumes, claims and storage classes. */
final class StorageRules {
  private static final List<String> MODES =
      List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
  private static final List<String> NO_SOURCES =
      List.of(
          "accessModes",
          "capacity",
          "claimRef",
          "mountOptions",
          "nodeAffinity",
          "persistentVolumeReclaimPolicy",
          "storageClassName",
          "volumeAttributesClassName",
          "volumeMode");

  private StorageRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put("persistentvolumes", StorageRules::volume);
    Rules claim = StorageRules::claim;
    rows.put("persistentvolumeclaims", claim.onChange(StorageRules::claimChange));
    Rules storageClass =
        (object, errors) -> {
          errors.require(object, "provisioner");
          errors.oneOf(object, "reclaimPolicy", List.of("Delete", "Retain"));
          errors.oneOf(object, "volumeBindingMode", List.of("Immediate", "WaitForFirstConsumer"));
        };
    rows.put(
        "storageclasses.storage.k8s.io",
        storageClass.onChange(
            (next, old, errors) ->
                List.of("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode")
                    .forEach(field -> errors.immutable(next, old, field))));
  }

  private static void volume(Obj volume, Errors errors) {
    Obj spec = volume.child("spec");
    modes(spec, errors);
    if (!spec.child("capacity").has("storage")) {
      errors.add(FieldError.required("spec.capacity", ""));
    }
    long sources = spec.map().keySet().stream().filter(f -> !NO_SOURCES.contains(f)).count();
    if (sources == 0) {
      errors.add(FieldError.required("spec", "must specify a volume type"));
    } else if (sources > 1) {
      errors.add(FieldError.forbidden("spec", "may not specify more than 1 volume type"));
    }
    errors.oneOf(spec, "persistentVolumeReclaimPolicy", List.of("Delete", "Recycle", "Retain"));
  }

  private static void claim(Obj claim, Errors errors) {
    Obj spec = claim.child("spec");
    modes(spec, errors);
    if (!spec.child("resources").strings("requests").containsKey("storage")) {
      errors.add(FieldError.required("spec.resources[storage]", ""));
    }
  }

  private static void modes(Obj spec, Errors errors) {
    if (spec.values("accessModes").isEmpty()) {
      errors.add(FieldError.required("spec.accessModes", "at least 1 access mode is required"));
    }
    for (String mode : spec.texts("accessModes")) {
      if (!MODES.contains(mode)) {
        errors.add(FieldError.notSupported("spec.accessModes", mode, MODES));
      }
    }
    errors.oneOf(spec, "volumeMode", List.of("Block", "Filesystem"));
  }

  private static void claimChange(Obj claim, Obj old, Errors errors) {
    if (!Trees.same(fixed(claim, old), fixed(old, old))) {
      errors.add(
          FieldError.forbidden(
              "spec",
              "spec is immutable after creation except resources.requests and"
                  + " volumeAttributesClassName for bound claims"));
    }
  }

  private static Map<String, Object> fixed(Obj claim, Obj old) {
    Map<String, Object> copy = Trees.copy(claim.child("spec").map());
    Obj spec = Obj.root(copy);
    spec.child("resources").drop("requests");
    spec.drop("volumeAttributesClassName");
    if (old.child("spec").text("volumeName").isEmpty()) {
      spec.drop("volumeName");
    }
    if (!old.child("spec").has("storageClassName")) {
      spec.drop("storageClassName");
    }
    return copy;
  }
}
