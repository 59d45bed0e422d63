package dev.kapell.apigenerator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the protobuf half of a codec. */
final class ProtoWriter {
  private static final String SCHEMA_FORMS = "dev.kapell.api.schemaforms.SchemaForms.";

  /** A field below the embedded messages that are open. */
  private record Placed(FieldDef field, List<Integer> path) {
    int head() {
      return path.getFirst();
    }

    boolean isDirect() {
      return path.size() == 1;
    }

    Placed inside() {
      return new Placed(field, path.subList(1, path.size()));
    }
  }

  private final TypeDef type;
  private final String name;
  private final Source out;

  ProtoWriter(TypeDef type, Source out) {
    this.type = type;
    this.name = type.name().name();
    this.out = out;
  }

  void write() {
    if (!type.hasProtobuf()) {
      out.line("@Override public " + name + " readProto(ProtoIn in) {");
      out.line("throw ProtoIn.noForm(\"" + type.name().id() + "\");");
      out.line("}");
      out.line("@Override public void writeProto(" + name + " value, ProtoOut out) {");
      out.line("throw ProtoIn.noForm(\"" + type.name().id() + "\");");
      out.line("}");
      return;
    }
    List<Placed> placed = new ArrayList<>();
    for (FieldDef field : type.fields()) {
      if (!field.wire().isEmpty()) {
        placed.add(new Placed(field, field.wire()));
      }
    }
    reader(placed);
    out.line("@Override public void writeProto(" + name + " value, ProtoOut out) {");
    writeFields(placed, "start");
    out.line("}");
  }

  private void reader(List<Placed> placed) {
    out.line("@Override public " + name + " readProto(ProtoIn in) {");
    out.line("Builder builder = new Builder();");
    for (Placed p : placed) {
      if (p.field().isMap()) {
        out.line(
            p.field().shape().javaType() + " " + local(p) + " = new java.util.LinkedHashMap<>();");
      } else if (p.field().shape() instanceof Shape.ListOf) {
        out.line(p.field().shape().javaType() + " " + local(p) + " = new java.util.ArrayList<>();");
      }
    }
    readFields(placed, "number");
    for (Placed p : placed) {
      if (p.field().isMap() || p.field().shape() instanceof Shape.ListOf) {
        out.line("builder." + p.field().javaName() + " = " + local(p) + ";");
      }
    }
    out.line("return builder.build();");
    out.line("}");
  }

  private void readFields(List<Placed> placed, String number) {
    out.line(
        "for (int "
            + number
            + " = in.nextField(); "
            + number
            + " != 0; "
            + number
            + " = in.nextField()) {");
    out.line("switch (" + number + ") {");
    byHead(placed)
        .forEach(
            (head, fields) -> {
              if (fields.getFirst().isDirect()) {
                out.line("case " + head + " -> " + read(fields.getFirst()));
              } else {
                out.line("case " + head + " -> {");
                out.line("int outer_" + number + head + " = in.enter();");
                readFields(fields.stream().map(Placed::inside).toList(), number + "_" + head);
                out.line("in.leave(outer_" + number + head + ");");
                out.line("}");
              }
            });
    out.line("default -> in.skip();");
    out.line("}");
    out.line("}");
  }

  private static String read(Placed placed) {
    FieldDef field = placed.field();
    String target = "builder." + field.javaName() + " = ";
    return switch (field.shape()) {
      case Shape.ListOf(Shape element) -> local(placed) + ".add(" + single(element) + ");";
      case Shape.MapOf(Shape value) when value == Shape.Scalar.STRING ->
          "in.stringEntry(" + local(placed) + ");";
      case Shape.MapOf(Shape value) ->
          "in.entry(" + local(placed) + ", () -> " + single(value) + ", " + value.zero() + ");";
      case Shape single -> target + single(single) + ";";
    };
  }

  private static String single(Shape shape) {
    return switch (shape) {
      case Shape.Ref r -> "in.object(" + r.codec() + ")";
      case Shape.Scalar s when s.isSchemaForm() -> SCHEMA_FORMS + s.word() + "(in)";
      case Shape.Scalar s -> "in." + s.word() + "()";
      default -> throw new IllegalStateException("nested collection");
    };
  }

  private void writeFields(List<Placed> placed, String start) {
    byHead(placed)
        .forEach(
            (head, fields) -> {
              if (fields.getFirst().isDirect()) {
                out.line(write(fields.getFirst()));
              } else {
                String mark = start + "_" + head;
                out.line("int " + mark + " = out.open(" + head + ");");
                writeFields(fields.stream().map(Placed::inside).toList(), mark);
                out.line("out.close(" + mark + ");");
              }
            });
  }

  private static String write(Placed placed) {
    FieldDef field = placed.field();
    String value = placed.head() + ", value." + field.javaName();
    return switch (field.shape()) {
      case Shape.ListOf(Shape.Ref r) -> "out.objects(" + value + ", " + r.codec() + ");";
      case Shape.ListOf(Shape element) when element == Shape.Scalar.STRING ->
          "out.texts(" + value + ");";
      case Shape.ListOf(Shape element) ->
          "out.list(value."
              + field.javaName()
              + ", v -> "
              + single(element, placed.head(), "v")
              + ");";
      case Shape.MapOf(Shape element) when element == Shape.Scalar.STRING ->
          "out.textMap(" + value + ");";
      case Shape.MapOf(Shape element) ->
          "out.map(" + value + ", v -> " + single(element, 2, "v") + ");";
      case Shape.Ref r when field.emptyable() ->
          "if (!value."
              + field.javaName()
              + ".equals("
              + r.zero()
              + ")) out.object("
              + value
              + ", "
              + r.codec()
              + ");";
      case Shape.Scalar s when s == Shape.Scalar.STRINGS ->
          "if (!value." + field.javaName() + ".isEmpty()) out.strings(" + value + ");";
      case Shape single -> single(single, placed.head(), "value." + field.javaName()) + ";";
    };
  }

  private static String single(Shape shape, int number, String value) {
    return switch (shape) {
      case Shape.Ref r -> "out.object(" + number + ", " + value + ", " + r.codec() + ")";
      case Shape.Scalar s when s.isSchemaForm() ->
          SCHEMA_FORMS + s.word() + "(out, " + number + ", " + value + ")";
      case Shape.Scalar s -> "out." + s.word() + "(" + number + ", " + value + ")";
      default -> throw new IllegalStateException("nested collection");
    };
  }

  /** A name that no parameter has. */
  private static String local(Placed placed) {
    return "all_" + placed.field().javaName();
  }

  private static Map<Integer, List<Placed>> byHead(List<Placed> placed) {
    Map<Integer, List<Placed>> byHead = new TreeMap<>();
    placed.forEach(p -> byHead.computeIfAbsent(p.head(), h -> new ArrayList<>()).add(p));
    return byHead;
  }
}
