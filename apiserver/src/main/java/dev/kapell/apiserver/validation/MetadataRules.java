package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What every object's metadata has to obey. */
public final class MetadataRules {
  private static final int ANNOTATIONS_LIMIT_BYTES = 256 * 1024;
  private static final List<String> BARE_FINALIZERS =
      List.of("kubernetes", "orphan", "foregroundDeletion");
  private static final List<String> DELETION_FINALIZERS = List.of("foregroundDeletion", "orphan");

  private MetadataRules() {}

  /** Checks {@code metadata} of an object that is to be stored. */
  public static void check(Obj metadata, Format nameFormat, Errors errors) {
    String name = metadata.text("name");
    if (name.isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
    } else {
      errors.format("metadata.name", name, nameFormat);
    }
    labels(metadata, errors);
    owners(metadata, errors);
    List<String> finalizers = metadata.texts("finalizers");
    for (String finalizer : finalizers) {
      errors.format(metadata.at("finalizers"), finalizer, Format.QUALIFIED_NAME);
    }
    if (finalizers.containsAll(DELETION_FINALIZERS)) {
      errors.invalid(
          metadata.at("finalizers"),
          finalizers,
          "finalizer orphan and foregroundDeletion cannot be both set");
    }
  }

  /** Kubernetes does not say which of the references is wrong. */
  private static void owners(Obj metadata, Errors errors) {
    String path = "metadata.ownerReferences";
    String first = "";
    for (Obj owner : metadata.items("ownerReferences")) {
      notEmpty(path, owner, "apiVersion", "version must not be empty", errors);
      Stream.of("kind", "name", "uid")
          .forEach(field -> notEmpty(path, owner, field, "must not be empty", errors));
      String kind = owner.text("kind");
      if (owner.text("apiVersion").equals("v1") && kind.equals("Event")) {
        errors.invalid(path, owner.map(), "/v1, Kind=Event is disallowed from being an owner");
      }
      String name = kind + "/" + owner.text("name");
      if (owner.flag("controller") && !first.isEmpty()) {
        errors.invalid(
            path,
            metadata.get("ownerReferences"),
            "Only one reference can have Controller set to true. Found \"true\" in references for "
                + first
                + " and "
                + name);
      } else if (owner.flag("controller")) {
        first = name;
      }
    }
  }

  private static void notEmpty(
      String path, Obj owner, String field, String problem, Errors errors) {
    if (owner.text(field).isEmpty()) {
      errors.invalid(path + "." + field, "", problem);
    }
  }

  private static void labels(Obj metadata, Errors errors) {
    errors.labels(metadata, "labels");
    long size = 0;
    for (Map.Entry<String, String> annotation : metadata.strings("annotations").entrySet()) {
      String key = annotation.getKey();
      Format.QUALIFIED_NAME
          .problems(key.toLowerCase(Locale.ROOT))
          .forEach(problem -> errors.invalid("metadata.annotations", key, problem));
      size += annotation.getKey().length() + annotation.getValue().length();
    }
    if (size > ANNOTATIONS_LIMIT_BYTES) {
      errors.add(FieldError.tooLong("metadata.annotations", ANNOTATIONS_LIMIT_BYTES));
    }
  }

  /** What finalizers of most built-in kinds obey besides; of others a domain alone is enough. */
  static void checkFinalizers(Obj metadata, Errors errors) {
    List<String> finalizers = metadata.texts("finalizers");
    for (int i = 0; i < finalizers.size(); i++) {
      String finalizer = finalizers.get(i);
      if (!finalizer.contains("/") && !BARE_FINALIZERS.contains(finalizer)) {
        errors.invalid(
            metadata.at("finalizers", i),
            finalizer,
            "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
  }

  /** A finalizer cannot be added once deletion has begun. */
  public static void checkChange(Obj metadata, Obj old, Errors errors) {
    if (old.has("deletionTimestamp")) {
      List<String> added =
          metadata.texts("finalizers").stream()
              .filter(finalizer -> !old.texts("finalizers").contains(finalizer))
              .toList();
      if (!added.isEmpty()) {
        errors.add(
            FieldError.forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new"
                    + " finalizers "
                    + added));
      }
    }
    errors.immutable(metadata, old, "name");
    errors.immutable(metadata, old, "namespace");
    errors.immutable(metadata, old, "uid");
  }
}
