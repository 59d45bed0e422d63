package dev.kapell.apiserver.definition;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import java.util.List;
import java.util.Set;

/**
 * What may stand at the root of a schema with a status subresource, so that the status can be
 * checked by the part of the schema that is about it.
 */
final class RootKeywords {
  private static final Set<String> ALLOWED =
      Set.of(
          "description",
          "type",
          "format",
          "title",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "pattern",
          "maxItems",
          "minItems",
          "uniqueItems",
          "multipleOf",
          "required",
          "items",
          "properties",
          "externalDocs",
          "example",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-validations");

  /** The same in Kubernetes' words and order. */
  private static final List<String> SHOWN =
      List.of(
          "Description",
          "Type",
          "Format",
          "Title",
          "Maximum",
          "ExclusiveMaximum",
          "Minimum",
          "ExclusiveMinimum",
          "MaxLength",
          "MinLength",
          "Pattern",
          "MaxItems",
          "MinItems",
          "UniqueItems",
          "MultipleOf",
          "Required",
          "Items",
          "Properties",
          "ExternalDocs",
          "Example",
          "XPreserveUnknownFields",
          "XValidations");

  private RootKeywords() {}

  static void check(Obj schema, Errors errors) {
    String when = " at the root of the schema if the status subresource is enabled";
    String type = schema.text("type");
    if (!type.isEmpty() && !type.equals("object")) {
      errors.invalid(schema.at("type"), type, "only \"object\" is allowed as the type" + when);
      return;
    }
    boolean more =
        schema.map().entrySet().stream()
            .anyMatch(e -> Schemas.says(e.getValue()) && !ALLOWED.contains(e.getKey()));
    if (more) {
      errors.invalid(
          schema.path(),
          schema.map(),
          "only [" + String.join(" ", SHOWN) + "] fields are allowed" + when);
    }
  }
}
