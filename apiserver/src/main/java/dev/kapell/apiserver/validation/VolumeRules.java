package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The volumes of a pod. */
final class VolumeRules {
  private static final long MAX_MODE = 0777;
  private static final List<String> PATH_TYPES =
      List.of(
          "",
          "BlockDevice",
          "CharDevice",
          "Directory",
          "DirectoryOrCreate",
          "File",
          "FileOrCreate",
          "Socket");

  private VolumeRules() {}

  /** Checks the volumes and returns their names. */
  static Set<String> check(Obj spec, Errors errors) {
    Set<String> names = new HashSet<>();
    for (Obj volume : spec.items("volumes")) {
      if (errors.require(volume, "name")) {
        errors.format(volume, "name", Format.LABEL);
        if (!names.add(volume.text("name"))) {
          errors.add(FieldError.duplicate(volume.at("name"), volume.text("name")));
        }
      }
      source(volume, errors);
    }
    return names;
  }

  private static void source(Obj volume, Errors errors) {
    List<String> sources =
        volume.map().keySet().stream().filter(field -> !field.equals("name")).toList();
    for (String extra : sources.stream().skip(1).toList()) {
      errors.add(FieldError.forbidden(volume.at(extra), "may not specify more than 1 volume type"));
    }
    volume.find("secret").ifPresent(secret -> keyed(secret, "secretName", errors));
    volume.find("configMap").ifPresent(map -> keyed(map, "name", errors));
    volume
        .find("hostPath")
        .ifPresent(
            path -> {
              errors.require(path, "path");
              errors.oneOf(path, "type", PATH_TYPES);
              if (List.of(path.text("path").split("/", -1)).contains("..")) {
                errors.invalid(path.at("path"), path.text("path"), "must not contain '..'");
              }
            });
    volume.find("persistentVolumeClaim").ifPresent(claim -> errors.require(claim, "claimName"));
    volume.find("emptyDir").ifPresent(dir -> sizeLimit(dir, errors));
    volume
        .find("projected")
        .ifPresent(
            projected -> {
              mode(projected, "defaultMode", errors);
              projected.items("sources").forEach(source -> projectedSource(source, errors));
            });
    volume
        .find("nfs")
        .ifPresent(
            nfs -> {
              errors.require(nfs, "server");
              errors.require(nfs, "path");
            });
    volume.find("csi").ifPresent(csi -> errors.require(csi, "driver"));
  }

  private static void projectedSource(Obj source, Errors errors) {
    if (source.map().size() > 1) {
      errors.add(FieldError.forbidden(source.path(), "may not specify more than 1 volume type"));
    }
    source.find("secret").ifPresent(secret -> keyed(secret, "name", errors));
    source.find("configMap").ifPresent(map -> keyed(map, "name", errors));
    source
        .find("serviceAccountToken")
        .ifPresent(
            token -> {
              if (token.number("expirationSeconds", 600) < 600) {
                errors.invalid(
                    token.at("expirationSeconds"),
                    token.get("expirationSeconds"),
                    "may not specify a duration less than 10 minutes");
              }
              errors.require(token, "path");
            });
  }

  private static void keyed(Obj source, String nameField, Errors errors) {
    errors.require(source, nameField);
    mode(source, "defaultMode", errors);
    for (Obj item : source.items("items")) {
      errors.require(item, "key");
      mode(item, "mode", errors);
      if (errors.require(item, "path")) {
        String path = item.text("path");
        if (path.startsWith("/")) {
          errors.invalid(item.at("path"), path, "must be a relative path");
        } else if (List.of(path.split("/", -1)).contains("..")) {
          errors.invalid(item.at("path"), path, "must not contain '..'");
        }
      }
    }
  }

  private static void mode(Obj object, String field, Errors errors) {
    long mode = object.number(field, 0);
    if (mode < 0 || mode > MAX_MODE) {
      errors.invalid(
          object.at(field),
          object.get(field),
          "must be a number between 0 and 0777 (octal), both inclusive");
    }
  }

  private static void sizeLimit(Obj dir, Errors errors) {
    if (dir.text("sizeLimit").startsWith("-")) {
      errors.add(
          FieldError.forbidden(
              dir.at("sizeLimit"), "SizeLimit field must be a valid resource quantity"));
    }
  }
}
