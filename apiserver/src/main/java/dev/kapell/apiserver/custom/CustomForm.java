package dev.kapell.apiserver.custom;

import dev.kapell.api.DecodeException;
import dev.kapell.api.JsonCodec;
import dev.kapell.api.UnknownFields;
import dev.kapell.apiserver.fields.BuiltinShapes;
import dev.kapell.apiserver.fields.DefinitionShape;
import dev.kapell.apiserver.fields.Shape;
import dev.kapell.apiserver.registry.Form;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldValidation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The fields of a custom kind: what its schema does not know is pruned. */
final class CustomForm implements Form {
  private final String kind;
  private final String version;
  private final StructuralSchema schema;
  private final Supplier<Shape> shape;

  CustomForm(String kind, String version, StructuralSchema schema) {
    this.kind = kind;
    this.version = version;
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
    return canonical(
        StructuralSchema.cast((Map<?, ?>) read.value()), read.complaints(), unknown, warnings);
  }

  @Override
  public Map<String, Object> canonical(
      Map<String, Object> tree, FieldValidation unknown, List<String> warnings) {
    return canonical(tree, List.of(), unknown, warnings);
  }

  private Map<String, Object> canonical(
      Map<String, Object> tree,
      List<String> repeated,
      FieldValidation unknown,
      List<String> warnings) {
    List<String> dropped = new ArrayList<>();
    Map<String, Object> metadata = metadata(tree.get("metadata"), dropped);
    schema.prune(tree, dropped);
    List<String> complaints = new ArrayList<>(repeated);
    dropped.forEach(path -> complaints.add("unknown field \"" + path + "\""));
    report(complaints, unknown, warnings);
    Map<String, Object> canonical = new LinkedHashMap<>(tree);
    canonical.put("metadata", metadata);
    return canonical;
  }

  /** In canonical form; {@code dropped} gets the paths of what metadata does not have. */
  private Map<String, Object> metadata(@Nullable Object sent, List<String> dropped) {
    try {
      return EmbeddedObjects.metadata(sent == null ? Map.of() : sent, "metadata", dropped);
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
              "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
                  .formatted(kind, version, kind, String.join(", ", complaints)));
        }
      }
    }
  }
}
