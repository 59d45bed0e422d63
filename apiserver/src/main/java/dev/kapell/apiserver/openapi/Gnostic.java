package dev.kapell.apiserver.openapi;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A Swagger 2.0 document in the protobuf form that older clients ask for ({@code
 * openapi.v2.Document} of gnostic): the parts of it that {@link Paths} and {@link Definitions}
 * write.
 */
final class Gnostic implements Swagger.Form {
  private static final int PATH = 2;
  private static final int DEFINITION = 1;

  @Override
  public byte[] path(String path, Map<String, Object> item) {
    return new ProtoWriter().message(PATH, named(path, pathItem(Obj.root(item)))).toBytes();
  }

  @Override
  public byte[] definition(String name, Map<String, Object> schema) {
    return new ProtoWriter().message(DEFINITION, named(name, schema(Obj.root(schema)))).toBytes();
  }

  @Override
  public byte[] document(
      Map<String, Object> info, Collection<byte[]> paths, Collection<byte[]> definitions) {
    Obj about = Obj.root(info);
    ProtoWriter named =
        new ProtoWriter().text(1, about.text("title")).text(2, about.text("version"));
    return new ProtoWriter()
        .text(1, "2.0")
        .message(2, named)
        .parts(8, paths)
        .parts(9, definitions)
        .toBytes();
  }

  private static ProtoWriter named(String name, ProtoWriter value) {
    return new ProtoWriter().text(1, name).message(2, value);
  }

  private static ProtoWriter schemas(Obj definitions) {
    ProtoWriter all = new ProtoWriter();
    for (String name : definitions.map().keySet()) {
      all.message(1, named(name, schema(definitions.child(name))));
    }
    return all;
  }

  private static ProtoWriter pathItem(Obj item) {
    ProtoWriter path = new ProtoWriter();
    List<String> methods = List.of("get", "put", "post", "delete", "options", "head", "patch");
    for (int i = 0; i < methods.size(); i++) {
      int field = i + 2;
      item.find(methods.get(i)).ifPresent(found -> path.message(field, operation(found)));
    }
    item.items("parameters").forEach(parameter -> path.message(9, parameter(parameter)));
    return path;
  }

  private static ProtoWriter operation(Obj operation) {
    ProtoWriter out = new ProtoWriter();
    operation.texts("produces").forEach(type -> out.text(6, type));
    operation.texts("consumes").forEach(type -> out.text(7, type));
    operation.items("parameters").forEach(parameter -> out.message(8, parameter(parameter)));
    ProtoWriter responses = new ProtoWriter();
    Obj answers = operation.child("responses");
    for (String code : answers.map().keySet()) {
      Obj answer = answers.child(code);
      ProtoWriter response = new ProtoWriter().text(1, answer.text("description"));
      answer
          .find("schema")
          .ifPresent(found -> response.message(2, new ProtoWriter().message(1, schema(found))));
      responses.message(1, named(code, new ProtoWriter().message(1, response)));
    }
    out.message(9, responses);
    operation.texts("schemes").forEach(scheme -> out.text(10, scheme));
    extensions(operation, 13, out);
    return out;
  }

  private static ProtoWriter parameter(Obj parameter) {
    String in = parameter.text("in");
    if (in.equals("body")) {
      ProtoWriter body =
          new ProtoWriter()
              .text(2, parameter.text("name"))
              .text(3, in)
              .flag(4, parameter.flag("required"))
              .message(5, schema(parameter.child("schema")));
      return new ProtoWriter().message(1, new ProtoWriter().message(1, body));
    }
    ProtoWriter plain =
        new ProtoWriter()
            .flag(1, parameter.flag("required"))
            .text(2, in)
            .text(4, parameter.text("name"))
            // A query parameter says before its type whether it may be empty, a path parameter does
            // not.
            .text(in.equals("query") ? 6 : 5, parameter.text("type"));
    ProtoWriter kind = new ProtoWriter().message(in.equals("query") ? 3 : 4, plain);
    return new ProtoWriter().message(1, new ProtoWriter().message(2, kind));
  }

  private static ProtoWriter schema(Obj schema) {
    ProtoWriter out = new ProtoWriter();
    text(schema, "$ref", 1, out);
    text(schema, "format", 2, out);
    text(schema, "description", 4, out);
    schema.texts("required").forEach(field -> out.text(19, field));
    schema
        .find("additionalProperties")
        .ifPresent(found -> out.message(21, new ProtoWriter().message(1, schema(found))));
    if (schema.has("type")) {
      out.message(22, new ProtoWriter().text(1, schema.text("type")));
    }
    schema
        .find("items")
        .ifPresent(found -> out.message(23, new ProtoWriter().message(1, schema(found))));
    schema.find("properties").ifPresent(found -> out.message(25, schemas(found)));
    extensions(schema, 31, out);
    return out;
  }

  private static void text(Obj schema, String name, int field, ProtoWriter out) {
    if (schema.has(name)) {
      out.text(field, schema.text(name));
    }
  }

  private static void extensions(Obj owner, int field, ProtoWriter out) {
    owner
        .map()
        .forEach(
            (name, value) -> {
              if (name.startsWith("x-")) {
                String yaml = new String(JsonCodec.writeTree(value), StandardCharsets.UTF_8) + "\n";
                out.message(field, named(name, new ProtoWriter().text(2, yaml)));
              }
            });
  }
}
