package dev.kapell.api.schemaforms;

import dev.kapell.api.Json;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoIn;
import dev.kapell.api.ProtoOut;
import dev.kapell.api.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places in a custom resource's schema where a schema or something else may stand: one JSON
 * value, several protobuf fields.
 */
public final class SchemaForms {
  private SchemaForms() {}

  private static Object schemaTree(ProtoIn in) {
    Object tree = JsonCodec.toTree(JSONSchemaProps.CODEC, in.object(JSONSchemaProps.CODEC));
    return tree == null ? Map.of() : tree;
  }

  private static void writeSchema(ProtoOut out, int number, @Nullable Object tree) {
    out.object(
        number,
        JsonCodec.decode(JSONSchemaProps.CODEC, JsonCodec.writeTree(tree)),
        JSONSchemaProps.CODEC);
  }

  /** Reads a schema or a list of them. */
  public static Json schemaOrArray(ProtoIn in) {
    List<Object> schemas = new ArrayList<>();
    Object[] single = new Object[1];
    in.fields(
        number -> {
          switch (number) {
            case 1 -> single[0] = schemaTree(in);
            case 2 -> schemas.add(schemaTree(in));
            default -> in.skip();
          }
        });
    return Json.of(single[0] == null ? schemas : single[0]);
  }

  /** Writes a schema or a list of them. */
  public static void schemaOrArray(ProtoOut out, int number, @Nullable Json value) {
    if (value != null) {
      Object tree = value.tree();
      out.message(
          number,
          () -> {
            if (tree instanceof List<?> schemas) {
              schemas.forEach(schema -> writeSchema(out, 2, schema));
            } else {
              writeSchema(out, 1, tree);
            }
          });
    }
  }

  /** Reads a schema or a truth value. */
  public static Json schemaOrBool(ProtoIn in) {
    Object[] parts = {false, null};
    in.fields(
        number -> {
          switch (number) {
            case 1 -> parts[0] = in.bool();
            case 2 -> parts[1] = schemaTree(in);
            default -> in.skip();
          }
        });
    return Json.of(parts[1] == null ? parts[0] : parts[1]);
  }

  /** Writes a schema or a truth value. */
  public static void schemaOrBool(ProtoOut out, int number, @Nullable Json value) {
    if (value != null) {
      Object tree = value.tree();
      out.message(
          number,
          () -> {
            out.bool(1, !Boolean.FALSE.equals(tree));
            if (tree instanceof Map<?, ?>) {
              writeSchema(out, 2, tree);
            }
          });
    }
  }

  /** Reads a schema or a list of names. */
  public static Json schemaOrStrings(ProtoIn in) {
    List<Object> names = new ArrayList<>();
    Object[] single = new Object[1];
    in.fields(
        number -> {
          switch (number) {
            case 1 -> single[0] = schemaTree(in);
            case 2 -> names.add(in.string());
            default -> in.skip();
          }
        });
    return Json.of(single[0] == null ? names : single[0]);
  }

  /** Writes a schema or a list of names. */
  public static void schemaOrStrings(ProtoOut out, int number, @Nullable Json value) {
    if (value != null) {
      Object tree = value.tree();
      out.message(
          number,
          () -> {
            if (tree instanceof List<?> names) {
              names.forEach(name -> out.string(2, String.valueOf(name)));
            } else {
              writeSchema(out, 1, tree);
            }
          });
    }
  }
}
