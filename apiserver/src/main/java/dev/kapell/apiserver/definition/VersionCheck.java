package dev.kapell.apiserver.definition;

import dev.kapell.apiserver.custom.FieldPaths;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a version of a definition says besides its schema. Used once, by one thread. */
final class VersionCheck {
  private static final int MAX_SELECTABLE = 8;
  private static final int MAX_WARNING_BYTES = 256;
  private static final List<String> COLUMN_TYPES =
      List.of("boolean", "date", "integer", "number", "string");
  private static final List<String> COLUMN_FORMATS =
      List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");

  private final Errors errors;

  VersionCheck(Errors errors) {
    this.errors = errors;
  }

  /**
   * Reports what is wrong.
   *
   * @param old the version of that name before, empty without
   */
  void check(Obj version, Optional<Obj> old) {
    deprecation(version);
    version.child("subresources").find("scale").ifPresent(this::scale);
    version.items("additionalPrinterColumns").forEach(this::column);
    if (version.values("selectableFields").isEmpty()) {
      return;
    }
    Optional<Obj> schema = version.child("schema").find("openAPIV3Schema");
    if (schema.isEmpty()) {
      errors.invalid(
          version.at("selectableFields"),
          "",
          "may only be set when `version.schema.openAPIV3Schema` is not included");
      return;
    }
    boolean unchanged =
        old.isPresent()
            && old.get().values("selectableFields").equals(version.values("selectableFields"));
    selectable(version, schema.get(), unchanged);
  }

  private void deprecation(Obj version) {
    if (!(version.get("deprecationWarning") instanceof String warning)) {
      return;
    }
    String path = version.at("deprecationWarning");
    if (!version.flag("deprecated")) {
      errors.invalid(path, warning, "can only be set for deprecated versions");
      return;
    }
    if (warning.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_WARNING_BYTES) {
      errors.invalid(path, warning, "must be <= 256 characters long");
    }
    if (warning.isEmpty()) {
      errors.invalid(path, warning, "must not be an empty string");
    }
    warning
        .chars()
        .filter(Character::isISOControl)
        .findFirst()
        .ifPresent(
            control ->
                errors.invalid(
                    path,
                    warning,
                    "must only contain printable UTF-8 characters; non-printable character found"
                        + " at index "
                        + warning.indexOf(control)));
  }

  private void scale(Obj scale) {
    replicas(scale, "specReplicasPath", ".spec");
    replicas(scale, "statusReplicasPath", ".status");
    String selector = scale.text("labelSelectorPath");
    if (!selector.isEmpty()
        && simple(scale.at("labelSelectorPath"), selector)
        && !selector.startsWith(".spec.")
        && !selector.startsWith(".status.")) {
      errors.invalid(
          scale.at("labelSelectorPath"),
          selector,
          "should be a json path under either .spec or .status");
    }
  }

  private void replicas(Obj scale, String field, String under) {
    String path = scale.text(field);
    if (errors.require(scale, field)
        && simple(scale.at(field), path)
        && !path.startsWith(under + ".")) {
      errors.invalid(scale.at(field), path, "should be a json path under " + under);
    }
  }

  private boolean simple(String at, String path) {
    if (path.startsWith(".")) {
      return true;
    }
    errors.invalid(at, path, "must be a simple json path starting with .");
    return false;
  }

  private void column(Obj column) {
    errors.require(column, "name");
    String types = "must be one of " + String.join(",", COLUMN_TYPES);
    String type = column.text("type");
    if (type.isEmpty()) {
      errors.add(FieldError.required(column.at("type"), types));
    } else if (!COLUMN_TYPES.contains(type)) {
      errors.invalid(column.at("type"), type, types);
    }
    String format = column.text("format");
    if (!format.isEmpty() && !COLUMN_FORMATS.contains(format)) {
      errors.invalid(
          column.at("format"), format, "must be one of " + String.join(",", COLUMN_FORMATS));
    }
    String path = column.text("jsonPath");
    if (path.isEmpty()) {
      errors.add(FieldError.required(column.at("JSONPath"), ""));
    } else {
      simple(column.at("JSONPath"), path);
    }
  }

  private void selectable(Obj version, Obj schema, boolean unchanged) {
    Set<List<String>> seen = new HashSet<>();
    for (Obj field : version.items("selectableFields")) {
      String path = field.text("jsonPath");
      if (errors.require(field, "jsonPath")) {
        FieldPaths.Lead lead =
            path.contains("[")
                ? FieldPaths.Lead.nowhere("array notation is not allowed")
                : FieldPaths.follow(path, schema);
        selectable(field, lead, seen);
      }
    }
    if (seen.size() > MAX_SELECTABLE && !unchanged) {
      errors.add(FieldError.tooMany(version.at("selectableFields"), seen.size(), MAX_SELECTABLE));
    }
  }

  private void selectable(Obj field, FieldPaths.Lead lead, Set<List<String>> seen) {
    String at = field.at("jsonPath");
    String path = field.text("jsonPath");
    if (lead.schema().isEmpty()) {
      errors.invalid(at, path, "is an invalid path: " + lead.problem());
      return;
    }
    if (lead.steps().getFirst().equals("metadata")) {
      errors.invalid(at, path, "must not point to fields in metadata");
    }
    String type = lead.schema().get().text("type");
    if (!Set.of("string", "boolean", "integer").contains(type)) {
      errors.invalid(
          at,
          path,
          "must point to a field of type string, boolean or integer. Enum string fields and strings"
              + " with formats are allowed.");
    }
    if (!seen.add(lead.steps())) {
      errors.add(FieldError.duplicate(at, path));
    }
  }
}
