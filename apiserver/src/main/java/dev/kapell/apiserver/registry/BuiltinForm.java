package dev.kapell.apiserver.registry;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.api.schema.Schema;
import dev.kapell.api.schema.TypeSchema;
import dev.kapell.apiserver.fields.BuiltinShapes;
import dev.kapell.apiserver.fields.Shape;
import dev.kapell.apiserver.request.FieldValidation;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of a generated record: what is not in it does not pass. */
final class BuiltinForm<T> implements Form {
  private final String apiVersion;
  private final Canonical<T> fields;
  private final BuiltinShapes shapes;
  private final EmptyObjects emptyObjects;
  private volatile @Nullable Layout layout;

  /** Of an object that is new, to be copied; worked out by the first one. */
  private volatile @Nullable Map<String, Object> emptyStatus;

  /**
   * What the schema says of the kind.
   *
   * @param type its name there
   * @param always {@code spec} and {@code status}, which Kubernetes writes even when there is
   *     nothing in them
   * @param empty an object without any content, to be copied
   */
  private record Layout(String type, List<String> always, Map<String, Object> empty) {
    static Layout of(String apiVersion, String kind, EmptyObjects emptyObjects) {
      Optional<TypeSchema> schema = Schema.kind(apiVersion, kind);
      String type = schema.map(TypeSchema::name).orElse("");
      List<String> always =
          schema
              .map(
                  found ->
                      Stream.of("spec", "status")
                          .filter(part -> isObject(found.fields().get(part)))
                          .toList())
              .orElse(List.of());
      Map<String, Object> empty = emptyObjects.empty(type);
      always.forEach(part -> empty.putIfAbsent(part, new LinkedHashMap<String, Object>()));
      return new Layout(type, always, empty);
    }
  }

  BuiltinForm(
      String apiVersion, Canonical<T> fields, BuiltinShapes shapes, EmptyObjects emptyObjects) {
    this.apiVersion = apiVersion;
    this.fields = fields;
    this.shapes = shapes;
    this.emptyObjects = emptyObjects;
  }

  /** Looked up at the first use, since a start needs no schema; twice is the same. */
  private Layout layout() {
    Layout known = layout;
    if (known == null) {
      known = Layout.of(apiVersion, fields.kind(), emptyObjects);
      layout = known;
    }
    return known;
  }

  private static boolean isObject(@Nullable FieldSchema field) {
    return field != null && field.isReference() && field.form() == FieldSchema.Form.SINGLE;
  }

  @Override
  public Shape shape() {
    return shapes.of(layout().type());
  }

  @Override
  public Optional<Map<String, Object>> emptyStatus() {
    if (!layout().always().contains("status")) {
      return Optional.empty();
    }
    Map<String, Object> known = emptyStatus;
    if (known == null) {
      Map<String, Object> bare = new LinkedHashMap<>();
      bare.put("status", new LinkedHashMap<String, Object>());
      Map<String, Object> whole = canonical(bare, FieldValidation.IGNORE, new ArrayList<>());
      known = Obj.root(whole).child("status").map();
      emptyStatus = known;
    }
    return Optional.of(Trees.copy(known));
  }

  @Override
  public Map<String, Object> empty() {
    return Trees.copy(layout().empty());
  }

  @Override
  public Map<String, Object> canonical(
      Map<String, Object> tree, FieldValidation unknown, List<String> warnings) {
    return canonical(Wire.plain(tree), unknown, warnings);
  }

  @Override
  public Map<String, Object> complete(
      Map<String, Object> tree, FieldValidation unknown, List<String> warnings) {
    Layout known = layout();
    known.always().forEach(part -> tree.putIfAbsent(part, new LinkedHashMap<String, Object>()));
    emptyObjects.fill(tree, known.type());
    return tree;
  }

  @Override
  public Map<String, Object> canonical(
      byte[] json, FieldValidation unknown, List<String> warnings) {
    return complete(fields.tree(json, unknown, warnings), unknown, warnings);
  }
}
