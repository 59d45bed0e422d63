package dev.kapell.apiserver.custom;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.UnknownFields;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.fields.BuiltinShapes;
import dev.kapell.apiserver.fields.DefinitionShape;
import dev.kapell.apiserver.fields.Shape;
import dev.kapell.apiserver.registry.Form;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldValidation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The fields of a custom kind: what its schema does not know is pruned. */
final class CustomForm implements Form {
  private final String kind;
  private final StructuralSchema schema;
  private final Supplier<Shape> shape;

  CustomForm(String kind, StructuralSchema schema) {
    this.kind = kind;
    this.schema = schema;
    this.shape =
        new OnFirstUse<>(
            () -> DefinitionShape.of(schema.tree(), new BuiltinShapes().of("meta.v1.ObjectMeta")));
  }

  @Override
  public Shape shape() {
    return shape.get();
  }

  @Override
  public Optional<Map<String, Object>> emptyStatus() {
    return Optional.empty();
  }

  @Override
  public Map<String, Object> empty() {
    return Map.of();
  }

  @Override
  public Map<String, Object> canonical(
      byte[] json, FieldValidation unknown, List<String> warnings) {
    var read = JsonCodec.readTree(json, UnknownFields.WARN);
    report(read.complaints(), unknown, warnings);
    return canonical(StructuralSchema.cast((Map<?, ?>) read.value()), unknown, warnings);
  }

  @Override
  public Map<String, Object> canonical(
      Map<String, Object> tree, FieldValidation unknown, List<String> warnings) {
    List<String> dropped = new ArrayList<>();
    schema.prune(tree, dropped);
    report(
        dropped.stream().map(path -> "unknown field \"" + path + "\"").toList(), unknown, warnings);
    Map<String, Object> canonical = new LinkedHashMap<>(tree);
    canonical.put("metadata", metadata(tree.get("metadata")));
    return canonical;
  }

  private Map<String, Object> metadata(@org.jspecify.annotations.Nullable Object sent) {
    try {
      ObjectMeta meta =
          JsonCodec.fromTree(ObjectMeta.CODEC, sent == null ? Map.of() : sent, UnknownFields.IGNORE)
              .value();
      return Wire.parse(JsonCodec.encode(ObjectMeta.CODEC, meta));
    } catch (DecodeException e) {
      throw Failures.badRequest(kind + " has wrong metadata: " + e.getMessage());
    }
  }

  private void report(List<String> complaints, FieldValidation unknown, List<String> warnings) {
    switch (unknown) {
      case IGNORE -> {}
      case WARN -> warnings.addAll(complaints);
      case STRICT -> {
        if (!complaints.isEmpty()) {
          throw Failures.badRequest(
              kind + " cannot be handled: strict decoding error: " + String.join(", ", complaints));
        }
      }
    }
  }
}
