package dev.kapell.apiserver.validation;

import dev.kapell.api.resource.Quantity;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Volumes, claims, classes and attachments. */
final class VolumeLaws {
  private static final int PARAMETERS_BYTES = 256 * 1024;

  /** Fields of a volume that do not say where it is. */
  static final Set<String> NO_SOURCES =
      Set.of(
          "accessModes",
          "capacity",
          "claimRef",
          "mountOptions",
          "nodeAffinity",
          "persistentVolumeReclaimPolicy",
          "storageClassName",
          "volumeAttributesClassName",
          "volumeMode");

  private VolumeLaws() {}

  static void addTo(Laws laws) {
    laws.put("core.v1.PersistentVolumeSpec", VolumeLaws::volume);
    laws.put("core.v1.PersistentVolumeClaimSpec", VolumeLaws::claim);
    laws.put("core.v1.HostPathVolumeSource", VolumeLaws::hostPath);
    laws.put("storage.v1.StorageClass", VolumeLaws::storageClass);
    laws.put("storage.v1.VolumeAttachmentSource", VolumeLaws::attachment);
    laws.put("storage.v1.CSIDriver", VolumeLaws::driver);
  }

  private static void volume(Obj spec, Errors errors) {
    modes(spec, errors);
    if (!spec.child("capacity").has("storage") || spec.child("capacity").map().size() > 1) {
      errors.add(
          FieldError.notSupported(spec.at("capacity"), spec.get("capacity"), List.of("storage")));
    }
    positive(spec.child("capacity"), spec.key("capacity", "storage"), errors);
    List<String> sources =
        spec.map().keySet().stream().filter(field -> !NO_SOURCES.contains(field)).toList();
    if (sources.isEmpty()) {
      errors.add(FieldError.required(spec.path(), "must specify a volume type"));
    }
    for (String more : sources.stream().skip(1).toList()) {
      errors.add(FieldError.forbidden(spec.at(more), "may not specify more than 1 volume type"));
    }
    if (spec.has("local") && !spec.child("nodeAffinity").has("required")) {
      errors.add(
          FieldError.required(spec.at("nodeAffinity"), "Local volume requires node affinity"));
    }
    boolean root = spec.child("hostPath").text("path").equals("/");
    if (root && spec.text("persistentVolumeReclaimPolicy").equals("Recycle")) {
      errors.add(
          FieldError.forbidden(
              spec.at("persistentVolumeReclaimPolicy"),
              "may not be 'recycle' for a hostPath mount of '/'"));
    }
  }

  private static void positive(Obj amounts, String path, Errors errors) {
    String storage = amounts.text("storage");
    if (!storage.isEmpty() && Quantity.parse(storage).signum() <= 0) {
      errors.invalid(path, storage, "must be greater than zero");
    }
  }

  private static void claim(Obj spec, Errors errors) {
    modes(spec, errors);
    Obj requests = spec.child("resources").child("requests");
    if (!requests.has("storage")) {
      errors.add(FieldError.required(spec.at("resources") + "[storage]", ""));
    }
    positive(requests, spec.at("resources") + "[storage]", errors);
    Obj source = spec.child("dataSource");
    if (source.has("kind")
        && source.text("apiGroup").isEmpty()
        && !source.text("kind").equals("PersistentVolumeClaim")) {
      errors.invalid(
          spec.at("dataSource"),
          source.text("kind"),
          "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
    }
  }

  private static void modes(Obj spec, Errors errors) {
    List<String> modes = spec.texts("accessModes");
    if (modes.contains("ReadWriteOncePod") && modes.size() > 1) {
      errors.add(
          FieldError.forbidden(
              spec.at("accessModes"), "may not use ReadWriteOncePod with other access modes"));
    }
  }

  private static void hostPath(Obj source, Errors errors) {
    if (errors.require(source, "path")
        && List.of(source.text("path").split("/", -1)).contains("..")) {
      errors.invalid(source.at("path"), source.text("path"), "must not contain '..'");
    }
  }

  private static void storageClass(Obj storageClass, Errors errors) {
    String provisioner = storageClass.text("provisioner");
    if (!provisioner.isEmpty()) {
      errors.format(
          "provisioner", provisioner.toLowerCase(java.util.Locale.ROOT), Format.QUALIFIED_NAME);
    }
    parameters(storageClass, errors);
  }

  private static void parameters(Obj object, Errors errors) {
    long size = 0;
    for (Map.Entry<String, String> entry : object.strings("parameters").entrySet()) {
      if (entry.getKey().isEmpty()) {
        errors.invalid(object.at("parameters"), "", "field can not be empty.");
      }
      size += entry.getKey().length() + entry.getValue().length();
    }
    if (size > PARAMETERS_BYTES) {
      errors.add(FieldError.tooLong(object.at("parameters"), PARAMETERS_BYTES));
    }
  }

  private static void attachment(Obj source, Errors errors) {
    if (source.has("inlineVolumeSpec") == source.has("persistentVolumeName")) {
      errors.add(
          source.has("inlineVolumeSpec")
              ? FieldError.forbidden(
                  source.path(),
                  "must specify exactly one of inlineVolumeSpec and persistentVolumeName")
              : FieldError.required(
                  source.path(),
                  "must specify exactly one of inlineVolumeSpec and persistentVolumeName"));
    }
  }

  private static void driver(Obj driver, Errors errors) {
    String name = driver.child("metadata").text("name");
    if (name.length() > 63) {
      errors.invalid("metadata.name", name, "must be no more than 63 characters");
    }
  }
}
