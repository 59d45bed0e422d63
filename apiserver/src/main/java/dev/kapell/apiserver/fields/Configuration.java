package dev.kapell.apiserver.fields;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that is put on top of an object without anybody owning it: what admission
 * policies apply. Lists merge as in server-side apply. Immutable.
 *
 * @param shape of the objects; empty: whatever they hold
 */
public record Configuration(Optional<Shape> shape) {

  /**
   * {@code object} with everything that {@code stated} says; the trees share nothing that changes.
   */
  public Map<String, Object> merge(Map<String, Object> object, Map<String, Object> stated) {
    return Merging.merge(object, stated, known());
  }

  /** Why {@code stated} cannot be applied to objects of this shape; empty when it can. */
  public Optional<String> problem(Map<String, Object> stated) {
    List<String> errors = Statement.errors(stated, known());
    if (!errors.isEmpty()) {
      return Optional.of(
          "failed to convert patch object to typed object: "
              + (errors.size() == 1
                  ? errors.getFirst()
                  : "errors:\n  " + String.join("\n  ", errors)));
    }
    List<String> whole = new ArrayList<>();
    atomics(stated, known(), "", whole);
    return whole.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
                + String.join(", ", whole));
  }

  private Shape known() {
    return shape.orElse(Shape.Free.FREE);
  }

  /** Who states a part of what is one piece would take the rest away without meaning to. */
  private static void atomics(
      @Nullable Object value, Shape shape, String path, List<String> found) {
    switch (shape) {
      case Shape.Leaf _ when value instanceof Map || value instanceof List -> found.add(path);
      case Shape.Fields fields when value instanceof Map<?, ?> map ->
          map.forEach(
              (name, inner) ->
                  fields
                      .field(String.valueOf(name))
                      .ifPresent(below -> atomics(inner, below, path + "." + name, found)));
      case Shape.Elements elements when value instanceof List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          atomics(list.get(i), elements.element(), path + "[" + i + "]", found);
        }
      }
      default -> {}
    }
  }
}
