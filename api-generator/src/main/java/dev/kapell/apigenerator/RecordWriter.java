package dev.kapell.apigenerator;

import java.util.List;
import java.util.stream.Collectors;

/** Writes one record with its builder; {@link JsonWriter} and {@link ProtoWriter} add the codec. */
final class RecordWriter {
  private static final List<String> IMPORTS =
      List.of(
          "dev.kapell.api.Codec",
          "dev.kapell.api.Collected",
          "dev.kapell.api.JsonIn",
          "dev.kapell.api.JsonOut",
          "dev.kapell.api.ProtoIn",
          "dev.kapell.api.ProtoOut",
          "java.util.Objects",
          "org.jspecify.annotations.Nullable");

  private final TypeDef type;
  private final String name;
  private final Source out = new Source();

  RecordWriter(TypeDef type) {
    this.type = type;
    this.name = type.name().name();
  }

  /** The compilation unit. */
  String write() {
    String body = body();
    StringBuilder unit = new StringBuilder("package " + type.name().javaPackage() + ";\n\n");
    for (String imported : IMPORTS) {
      if (body.contains(imported.substring(imported.lastIndexOf('.') + 1))) {
        unit.append("import ").append(imported).append(";\n");
      }
    }
    return unit.append('\n').append(body).toString();
  }

  private String body() {
    String sentence = Source.firstSentence(type.description());
    out.doc(
        sentence.isEmpty()
            ? "{@code " + name + "}, from the published models. Immutable."
            : sentence);
    String components =
        type.fields().stream()
            .map(f -> f.annotatedType() + " " + f.javaName())
            .collect(Collectors.joining(", "));
    out.line(
        "public record "
            + name
            + "("
            + components
            + ")"
            + (type.isObject() ? " implements dev.kapell.api.ApiObject" : "")
            + " {");
    out.line("/** How it is read and written. */");
    out.line("public static final Codec<" + name + "> CODEC = new Fields();");
    out.line("/** Nothing set. */");
    out.line("public static final " + name + " EMPTY = new Builder().build();");
    constructor();
    type.apiVersion()
        .ifPresent(
            version -> {
              constant("apiVersion", version);
              constant("kind", name);
            });
    type.fields().forEach(this::accessors);
    equality();
    builderDoors();
    builder();
    out.line("private static final class Fields implements Codec<" + name + "> {");
    new JsonWriter(type, out).write();
    new ProtoWriter(type, out).write();
    out.line("}");
    return out.line("}").toString();
  }

  private void constructor() {
    out.line(
        "/** Copies lists and maps, cuts times to their precision; a zero that means absent is absent. */");
    out.line("public " + name + " {");
    for (FieldDef field : type.fields()) {
      String component = field.javaName();
      if (field.isMap()) {
        out.line(component + " = Collected.map(" + component + ");");
      } else if (field.isList()) {
        out.line(component + " = Collected.list(" + component + ");");
      } else if (field.emptyable()) {
        out.line(
            component
                + " = Collected.or("
                + component
                + ", "
                + field.shape().javaType()
                + ".EMPTY);");
      } else if (field.dropsZero()) {
        out.line(component + " = Collected.nonZero(" + component + ");");
      } else if (field.shape() == Shape.Scalar.TIME) {
        out.line(component + " = Collected.seconds(" + component + ");");
      } else if (field.shape() == Shape.Scalar.MICRO_TIME) {
        out.line(component + " = Collected.micros(" + component + ");");
      }
    }
    out.line("}");
  }

  private void constant(String method, String value) {
    out.line("/** Always {@code " + value + "}. */");
    out.line((type.isObject() ? "@Override " : "") + "public String " + method + "() {");
    out.line("return \"" + value + "\";");
    out.line("}");
  }

  private void accessors(FieldDef field) {
    String component = field.javaName();
    if (field.isNullable()) {
      String java = field.shape().javaType();
      out.line("/** {@code " + component + "}, or {@code other} when absent. */");
      out.line("public " + java + " " + component + "Or(" + java + " other) {");
      out.line("return " + component + " == null ? other : " + component + ";");
      out.line("}");
    }
    out.line("/** The same with another {@code " + component + "}. */");
    out.line(
        "public "
            + name
            + " with"
            + field.capitalized()
            + "("
            + field.annotatedType()
            + " "
            + component
            + ") {");
    out.line("return toBuilder()." + component + "(" + component + ").build();");
    out.line("}");
  }

  /**
   * Written out: what a record gets for free costs a bootstrap for each type at its first use, just
   * when the program starts.
   */
  private void equality() {
    List<String> names = type.fields().stream().map(FieldDef::javaName).toList();
    String same =
        names.stream()
            .map(n -> " && Objects.equals(" + n + ", that." + n + ")")
            .collect(Collectors.joining());
    out.line("@Override public boolean equals(@Nullable Object other) {");
    out.line(
        "return this == other || other instanceof "
            + name
            + (same.isEmpty() ? "" : " that" + same)
            + ";");
    out.line("}");
    out.line("@Override public int hashCode() {");
    out.line("int hash = 1;");
    names.forEach(n -> out.line("hash = 31 * hash + Objects.hashCode(" + n + ");"));
    out.line("return hash;");
    out.line("}");
  }

  private void builderDoors() {
    out.line("/** A builder with nothing set. */");
    out.line("public static Builder builder() {");
    out.line("return new Builder();");
    out.line("}");
    out.line("/** A builder with everything set as here. */");
    out.line("public Builder toBuilder() {");
    out.line("Builder builder = new Builder();");
    type.fields().forEach(f -> out.line("builder." + f.javaName() + " = " + f.javaName() + ";"));
    out.line("return builder;");
    out.line("}");
  }

  private void builder() {
    out.line("/** Collects components. One thread. */");
    out.line("public static final class Builder {");
    for (FieldDef field : type.fields()) {
      boolean collection = field.isMap() || field.isList();
      String initial =
          collection
              ? " = " + field.shape().zero()
              : field.emptyable() ? " = " + field.shape().zero() : "";
      out.line("private " + field.annotatedType() + " " + field.javaName() + initial + ";");
    }
    out.line("Builder() {}");
    for (FieldDef field : type.fields()) {
      String value =
          field.isMap()
              ? "Collected.map(value)"
              : field.isList() ? "Collected.list(value)" : "value";
      out.line("/** Sets {@code " + field.javaName() + "}. */");
      out.line("public Builder " + field.javaName() + "(" + field.annotatedType() + " value) {");
      out.line("this." + field.javaName() + " = " + value + ";");
      out.line("return this;");
      out.line("}");
    }
    out.line("/** The record. */");
    out.line("public " + name + " build() {");
    out.line(
        "return new "
            + name
            + "("
            + type.fields().stream().map(FieldDef::javaName).collect(Collectors.joining(", "))
            + ");");
    out.line("}");
    out.line("}");
  }
}
