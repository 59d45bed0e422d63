package dev.kapell.cel.cost;

import dev.cel.common.types.CelType;
import dev.kapell.cel.type.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the estimator knows of a part of an expression.
 *
 * @param type as checked
 * @param path where in the variables it stands; empty when nowhere
 * @param size when it was worked out
 */
record Place(CelType type, List<String> path, Optional<Range> size) {

  /** The size that the schema of the variable allows. */
  static Optional<Range> declared(List<String> path, Map<String, ValueType> variables) {
    if (path.isEmpty() || !variables.containsKey(path.getFirst())) {
      return Optional.empty();
    }
    Optional<ValueType> at = Optional.ofNullable(variables.get(path.getFirst()));
    for (String step : path.subList(1, path.size())) {
      at = at.flatMap(type -> type.step(step));
    }
    return at.map(type -> new Range(0, type.maxSize()));
  }

  List<String> then(String step) {
    return append(path, step);
  }

  static List<String> append(List<String> path, String step) {
    if (path.isEmpty()) {
      return path;
    }
    List<String> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }
}
