package dev.kapell.apigenerator;

import java.util.List;

/**
 * A component of a record.
 *
 * @param jsonName as on the wire
 * @param javaName the component
 * @param shape what it holds
 * @param required Kubernetes always writes it
 * @param emptyable never null: an empty record stands for an absent one ({@code metadata}, {@code
 *     spec}, {@code status}, {@code template})
 * @param keepsZero an empty text, 0 or false is something else than absent
 * @param description from the published client, may be empty
 * @param wire where it is in protobuf: the numbers of the messages that Go embeds (which JSON does
 *     not show), then its own; empty when it is not there
 */
record FieldDef(
    String jsonName,
    String javaName,
    Shape shape,
    boolean required,
    boolean emptyable,
    boolean keepsZero,
    String description,
    List<Integer> wire) {
  boolean isList() {
    return shape instanceof Shape.ListOf || shape == Shape.Scalar.STRINGS;
  }

  boolean isMap() {
    return shape instanceof Shape.MapOf;
  }

  boolean isNullable() {
    return !isList() && !isMap() && !emptyable;
  }

  /** Whether a zero means absent, and is dropped when read. */
  boolean dropsZero() {
    return !required
        && !keepsZero
        && shape instanceof Shape.Scalar scalar
        && switch (scalar) {
          case STRING, BOOL, INT32, INT64, INT_OR_STRING -> true;
          default -> false;
        };
  }

  /** {@code Replicas} of {@code withReplicas}. */
  String capitalized() {
    return Character.toUpperCase(javaName.charAt(0)) + javaName.substring(1);
  }

  /**
   * The Java type, annotated when it may be null (the annotation stands before the simple name).
   */
  String annotatedType() {
    String java = shape.javaType();
    int dot = java.lastIndexOf('.');
    return isNullable()
        ? java.substring(0, dot + 1) + "@Nullable " + java.substring(dot + 1)
        : java;
  }
}
