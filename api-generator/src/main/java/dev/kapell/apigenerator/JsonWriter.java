package dev.kapell.apigenerator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes the JSON half of a codec. */
final class JsonWriter {
  private static final int BITS = 64;

  private final TypeDef type;
  private final String name;
  private final Source out;

  JsonWriter(TypeDef type, Source out) {
    this.type = type;
    this.name = type.name().name();
    this.out = out;
  }

  void write() {
    reader();
    index();
    writer();
  }

  /** Fields are known by a number, so that one read twice is noticed by a bit. */
  private void reader() {
    out.line("@Override public " + name + " readJson(JsonIn in) {");
    out.line("Builder builder = new Builder();");
    out.line("in.beginObject();");
    out.line("long seen = 0;");
    if (type.fields().size() > BITS) {
      throw new IllegalStateException(type.name().id() + " has more fields than bits");
    }
    out.line("for (String name = in.nextField(); name != null; name = in.nextField()) {");
    out.line("int index = indexOf(name);");
    out.line("if (index < 0) {");
    out.line(type.isKind() ? "if (index == -1) in.unknown(); else in.string();" : "in.unknown();");
    out.line("continue;");
    out.line("}");
    out.line("if ((seen & 1L << index) != 0) in.repeated();");
    out.line("seen |= 1L << index;");
    out.line("switch (index) {");
    for (int i = 0; i < type.fields().size(); i++) {
      FieldDef field = type.fields().get(i);
      out.line("case " + i + " -> builder." + field.javaName() + " = " + read(field) + ";");
    }
    out.line("default -> throw new IllegalStateException(name);");
    out.line("}");
    out.line("}");
    out.line("return builder.build();");
    out.line("}");
  }

  private void index() {
    out.line("private static int indexOf(String name) {");
    out.line("return switch (name) {");
    for (int i = 0; i < type.fields().size(); i++) {
      out.line("case \"" + type.fields().get(i).jsonName() + "\" -> " + i + ";");
    }
    if (type.isKind()) {
      out.line("case \"apiVersion\", \"kind\" -> -2;");
    }
    out.line("default -> -1;");
    out.line("};");
    out.line("}");
  }

  private String read(FieldDef field) {
    return switch (field.shape()) {
      case Shape.ListOf(Shape.Ref r) -> "in.objects(" + r.codec() + ")";
      case Shape.ListOf(Shape element) when element == Shape.Scalar.STRING -> "in.strings()";
      case Shape.ListOf(Shape element) -> "in.list(in::" + method(element) + ")";
      case Shape.MapOf(Shape.Ref r) -> "in.map(() -> in.object(" + r.codec() + "))";
      case Shape.MapOf(Shape value) when value == Shape.Scalar.STRING -> "in.stringMap()";
      case Shape.MapOf(Shape value) -> "in.map(in::" + method(value) + ")";
      case Shape.Ref r when field.emptyable() ->
          "Collected.or(in.object(" + r.codec() + "), " + r.zero() + ")";
      case Shape.Ref r -> "in.object(" + r.codec() + ")";
      case Shape.Scalar s -> "in." + method(s) + "()";
    };
  }

  private static String method(Shape shape) {
    return shape instanceof Shape.Scalar scalar && scalar.isSchemaForm() ? "json" : shape.word();
  }

  private void writer() {
    out.line("@Override public void writeJson(" + name + " value, JsonOut out) {");
    out.line("out.beginObject();");
    type.apiVersion()
        .ifPresent(version -> out.line("out.kind(\"" + version + "\", \"" + name + "\");"));
    List<FieldDef> ordered = new ArrayList<>(type.fields());
    ordered.sort(Comparator.comparingInt(JsonWriter::rank).thenComparing(FieldDef::jsonName));
    ordered.forEach(f -> out.line(write(f)));
    out.line("out.endObject();");
    out.line("}");
  }

  private String write(FieldDef field) {
    String value = "\"" + field.jsonName() + "\", value." + field.javaName();
    String collection = value + ", " + field.required();
    if (type.name().id().equals("meta.v1.ObjectMeta")
        && field.jsonName().equals("resourceVersion")) {
      return "out.resourceVersion(value.resourceVersion);";
    }
    return switch (field.shape()) {
      case Shape.ListOf(Shape.Ref r) -> "out.objects(" + collection + ", " + r.codec() + ");";
      case Shape.ListOf(Shape element) when element == Shape.Scalar.STRING ->
          "out.strings(" + collection + ");";
      case Shape.ListOf(Shape element) ->
          "out.list(" + collection + ", out::" + element(element) + ");";
      case Shape.MapOf(Shape.Ref r) ->
          "out.map(" + collection + ", v -> " + r.codec() + ".writeJson(v, out));";
      case Shape.MapOf(Shape element) ->
          "out.map(" + collection + ", out::" + element(element) + ");";
      case Shape.Ref r when field.emptyable() && !field.required() ->
          unlessEmpty(field, r, "out.object(" + value + ", " + r.codec() + ");");
      case Shape.Ref r -> "out.object(" + value + ", " + r.codec() + ");";
      case Shape.Scalar s ->
          switch (s) {
            case TIME -> "out.time(" + value + ");";
            case MICRO_TIME -> "out.microTime(" + value + ");";
            case STRINGS -> "out.strings(" + collection + ");";
            default -> "out.field(" + value + ");";
          };
    };
  }

  private String unlessEmpty(FieldDef field, Shape.Ref record, String write) {
    String stamped =
        type.isObject() && field.jsonName().equals("metadata") ? "out.wantsStamp() || " : "";
    return "if ("
        + stamped
        + "!value."
        + field.javaName()
        + ".equals("
        + record.zero()
        + ")) "
        + write;
  }

  /** The writer of a single value that is an element. */
  private static String element(Shape shape) {
    return switch (shape) {
      case Shape.Scalar scalar ->
          switch (scalar) {
            case INT32, INT64, FLOAT64 -> "number";
            case SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> "json";
            default -> scalar.word();
          };
      case Shape.Ref _, Shape.ListOf _, Shape.MapOf _ ->
          throw new IllegalStateException("no writer of " + shape);
    };
  }

  private static int rank(FieldDef field) {
    return switch (field.jsonName()) {
      case "apiVersion" -> 0;
      case "kind" -> 1;
      case "metadata" -> 2;
      default -> 3;
    };
  }
}
