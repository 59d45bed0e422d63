package dev.kapell.apiserver.policy;

import dev.cel.common.values.CelByteString;
import dev.kapell.api.patch.JsonPatch;
import dev.kapell.api.patch.PatchException;
import dev.kapell.apiserver.fields.Configuration;
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
   * The object with {@code value} applied: a list of patches, or a configuration.
   *
   * @param configuration how configurations of the kind merge
   * @throws PatchException when it does not fit
   */
  static Map<String, Object> apply(
      Map<String, Object> object, Object value, boolean patch, Configuration configuration) {
    Object result =
        patch ? JsonPatch.apply(object, json(value)) : merged(object, value, configuration);
    if (result instanceof Map<?, ?> map) {
      return tree(map);
    }
    throw PatchException.unfit("the mutation left no object");
  }

  private static Map<String, Object> merged(
      Map<String, Object> object, Object value, Configuration configuration) {
    List<String> mismatches = new ArrayList<>();
    checkTypes(value, "Object", mismatches);
    if (!mismatches.isEmpty()) {
      throw PatchException.unfit("type mismatch: " + String.join("\n", mismatches));
    }
    if (!(json(value) instanceof Map<?, ?> given)) {
      throw PatchException.unfit("must evaluate to an object");
    }
    Map<String, Object> stated = new LinkedHashMap<>(tree(given));
    for (String field : List.of("apiVersion", "kind")) {
      if (object.get(field) != null) {
        stated.put(field, object.get(field));
      }
    }
    configuration
        .problem(stated)
        .ifPresent(
            problem -> {
              throw PatchException.unfit("error applying patch: " + problem);
            });
    return configuration.merge(object, stated);
  }

  /** An {@code Object.spec} stands at {@code spec}, and nowhere else. */
  private static void checkTypes(@Nullable Object value, String path, List<String> mismatches) {
    switch (value) {
      case ObjectValue object -> {
        if (!object.typeName().equals(path)) {
          mismatches.add(
              "unexpected type name \"%s\", expected \"%s\", which matches field name path from root Object type"
                  .formatted(object.typeName(), path));
        }
        object.fields().forEach((name, inner) -> checkTypes(inner, path + "." + name, mismatches));
      }
      case Map<?, ?> map -> map.values().forEach(inner -> checkTypes(inner, path, mismatches));
      case List<?> list -> list.forEach(inner -> checkTypes(inner, path, mismatches));
      case Optional<?> optional -> checkTypes(optional.orElse(null), path, mismatches);
      case null, default -> {}
    }
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
}
