package dev.kapell.apiserver.validation;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;

/** What may not change of volumes, claims, classes and nodes' drivers. */
final class StorageRules {
  private StorageRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put("persistentvolumes", Rules.none().onChange(StorageRules::volume));
    rows.put("persistentvolumeclaims", Rules.none().onChange(StorageRules::claim));
    rows.put("storageclasses.storage.k8s.io", Rules.none().onChange(StorageRules::storageClass));
    rows.put("csinodes.storage.k8s.io", Rules.none().onChange(StorageRules::drivers));
  }

  private static void volume(Obj volume, Obj old, Errors errors) {
    Obj spec = volume.child("spec");
    Obj before = old.child("spec");
    if (!Trees.same(source(spec), source(before))) {
      errors.add(
          FieldError.forbidden(
              "spec.persistentvolumesource",
              "spec.persistentvolumesource is immutable after creation"));
    }
    errors.immutable(spec, before, "volumeMode");
    if (before.has("nodeAffinity")) {
      errors.immutable(spec, before, "nodeAffinity");
    }
  }

  private static Map<String, Object> source(Obj spec) {
    Map<String, Object> source = Trees.copy(spec.map());
    source.keySet().removeAll(VolumeLaws.NO_SOURCES);
    return source;
  }

  private static void storageClass(Obj next, Obj old, Errors errors) {
    for (String field : List.of("parameters", "provisioner", "reclaimPolicy")) {
      if (!Trees.same(next.get(field), old.get(field))) {
        errors.add(FieldError.forbidden(field, "updates to " + field + " are forbidden."));
      }
    }
  }

  private static void claim(Obj claim, Obj old, Errors errors) {
    Quantity had = storage(old.child("spec").child("resources").child("requests"));
    Quantity wanted = storage(claim.child("spec").child("resources").child("requests"));
    boolean bound = old.child("status").text("phase").equals("Bound");
    if (!Trees.same(fixed(claim, old), fixed(old, old)) || (!bound && had.compareTo(wanted) != 0)) {
      errors.add(
          FieldError.forbidden(
              "spec",
              "spec is immutable after creation except resources.requests and"
                  + " volumeAttributesClassName for bound claims"));
    }
    Quantity held = storage(old.child("status").child("capacity"));
    if (wanted.compareTo(had) < 0 && wanted.compareTo(held) <= 0) {
      errors.add(
          FieldError.forbidden(
              "spec.resources.requests.storage", "field can not be less than status.capacity"));
    }
    if (!Trees.same(claim.child("spec").get("volumeMode"), old.child("spec").get("volumeMode"))) {
      errors.invalid("volumeMode", claim.child("spec").get("volumeMode"), "field is immutable");
    }
  }

  /** What is absent is nothing. */
  private static Quantity storage(Obj amounts) {
    return Quantity.parse(amounts.has("storage") ? amounts.text("storage") : "0");
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

  /** Drivers come and go, but do not change. */
  private static void drivers(Obj next, Obj old, Errors errors) {
    for (Obj driver : next.child("spec").items("drivers")) {
      for (Obj before : old.child("spec").items("drivers")) {
        Obj now = Obj.root(Trees.copy(driver.map())).drop("allocatable");
        Obj was = Obj.root(Trees.copy(before.map())).drop("allocatable");
        if (driver.text("name").equals(before.text("name")) && !Trees.same(now.map(), was.map())) {
          errors.invalid(driver.path(), driver.map(), "field is immutable");
        }
      }
    }
  }
}
