package dev.kapell.apigenerator;

import java.util.Collection;

/**
 * Writes the structure of the types, and apart from it their descriptions, as the lines that {@code
 * dev.kapell.api.schema} reads.
 */
final class SchemaWriter {
  private final StringBuilder structure = new StringBuilder();
  private final StringBuilder texts = new StringBuilder();

  SchemaWriter(Collection<TypeDef> types) {
    types.forEach(this::add);
  }

  /** {@code T type kind} and, below it, {@code F field form element required zero}. */
  String structure() {
    return structure.toString();
  }

  /** {@code type field text}. */
  String texts() {
    return texts.toString();
  }

  private void add(TypeDef type) {
    String name = type.name().id();
    line(structure, "T", name, type.isKind() ? "kind" : "");
    text(name, "", type.description());
    if (type.isKind()) {
      text(
          name,
          "apiVersion",
          "APIVersion defines the versioned schema of this representation of an object.");
      text(
          name,
          "kind",
          "Kind is a string value representing the REST resource this object represents.");
    }
    for (FieldDef field : type.fields()) {
      String form = field.isMap() ? "m" : field.shape() instanceof Shape.ListOf ? "l" : "s";
      line(
          structure,
          "F",
          field.jsonName(),
          form,
          field.shape().word(),
          field.required() ? "required" : "",
          field.dropsZero() ? "" : "zero");
      text(name, field.jsonName(), field.description());
    }
  }

  private void text(String type, String field, String text) {
    if (!text.isBlank()) {
      line(texts, type, field, text.replaceAll("[\\t\\n\\r]+", " "));
    }
  }

  private static void line(StringBuilder to, String... cells) {
    to.append(String.join("\t", cells)).append('\n');
  }
}
