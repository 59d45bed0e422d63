package dev.kapell.apiserver.policy;

import dev.cel.common.values.CelByteString;
import dev.kapell.api.patch.JsonPatch;
import dev.kapell.api.patch.MergePatch;
import dev.kapell.api.patch.PatchException;
import dev.kapell.api.patch.StrategicMergePatch;
import dev.kapell.api.schema.Schema;
import dev.kapell.cel.value.Null;
import dev.kapell.cel.value.ObjectValue;
import dev.kapell.cel.value.Values;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Applies what a mutation's expression gave to an object's tree. */
final class Mutator {
  private Mutator() {}

  /**
   * The object with {@code value} applied.
   *
   * @throws PatchException when it does not fit
   */
  static Map<String, Object> apply(Map<String, Object> object, Object value, boolean patch) {
    Object json = json(value);
    Object result = patch ? JsonPatch.apply(object, json) : merged(object, json);
    if (result instanceof Map<?, ?> map) {
      return tree(map);
    }
    throw PatchException.unfit("the mutation left no object");
  }

  /** Lists merge by their keys where the kind says so. */
  private static @Nullable Object merged(Map<String, Object> object, @Nullable Object json) {
    if (!(json instanceof Map<?, ?> stated)) {
      throw PatchException.unfit("must evaluate to an object");
    }
    Optional<String> type =
        Schema.kind(String.valueOf(object.get("apiVersion")), String.valueOf(object.get("kind")))
            .map(kind -> kind.name());
    return type.isPresent()
        ? StrategicMergePatch.apply(nullable(object), nullable(tree(stated)), type.get())
        : MergePatch.apply(object, stated);
  }

  /** A value of an expression as JSON has it. */
  private static @Nullable Object json(@Nullable Object value) {
    return switch (Values.of(value)) {
      case Null n -> null;
      case ObjectValue object -> json(object.fields());
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, each) -> copy.put(String.valueOf(key), json(each)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(each -> copy.add(json(each)));
        yield copy;
      }
      case Optional<?> optional -> json(optional.orElse(null));
      case String text -> text;
      case Boolean flag -> flag;
      case Long number -> number;
      case Double number -> number;
      case CelByteString bytes -> Base64.getEncoder().encodeToString(bytes.toByteArray());
      case Object other -> other.toString();
    };
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> tree(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the same map: JSON null stands in patches
  private static Map<String, @Nullable Object> nullable(Map<String, Object> tree) {
    return (Map<String, @Nullable Object>) (Map<?, ?>) tree;
  }
}
