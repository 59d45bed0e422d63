package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What every object's metadata has to obey. */
public final class MetadataRules {
  private static final int ANNOTATIONS_LIMIT_BYTES = 256 * 1024;
  private static final List<String> BARE_FINALIZERS =
      List.of("kubernetes", "orphan", "foregroundDeletion");

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
    for (Obj owner : metadata.items("ownerReferences")) {
      Stream.of("apiVersion", "kind", "name", "uid").forEach(field -> errors.require(owner, field));
    }
    if (metadata.items("ownerReferences").stream().filter(o -> o.flag("controller")).count() > 1) {
      errors.invalid(
          "metadata.ownerReferences",
          metadata.get("ownerReferences"),
          "Only one reference can have Controller set to true");
    }
    for (String finalizer : metadata.texts("finalizers")) {
      finalizer(metadata.at("finalizers"), finalizer, errors);
    }
  }

  private static void labels(Obj metadata, Errors errors) {
    errors.labels(metadata, "labels");
    long size = 0;
    for (Map.Entry<String, String> annotation : metadata.strings("annotations").entrySet()) {
      errors.format(
          "metadata.annotations",
          annotation.getKey().toLowerCase(java.util.Locale.ROOT),
          Format.QUALIFIED_NAME);
      size += annotation.getKey().length() + annotation.getValue().length();
    }
    if (size > ANNOTATIONS_LIMIT_BYTES) {
      errors.add(FieldError.tooLong("metadata.annotations", ANNOTATIONS_LIMIT_BYTES));
    }
  }

  private static void finalizer(String path, String finalizer, Errors errors) {
    errors.format(path, finalizer, Format.QUALIFIED_NAME);
    // Older finalizers, of custom resources above all, are domains without a path.
    boolean qualified = finalizer.contains("/") || finalizer.contains(".");
    if (!qualified && !BARE_FINALIZERS.contains(finalizer)) {
      errors.invalid(
          path, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
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
