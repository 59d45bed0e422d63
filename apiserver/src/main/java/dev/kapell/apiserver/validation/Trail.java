package dev.kapell.apiserver.validation;

import java.util.ArrayList;
import java.util.List;

/** Where a walk through an object stands; becomes text only when something is wrong there. */
final class Trail {
  private record Key(String name) {}

  private final List<Object> steps = new ArrayList<>();

  void field(String name) {
    steps.add(name);
  }

  void item(int index) {
    steps.add(index);
  }

  void key(String name) {
    steps.add(new Key(name));
  }

  void back() {
    steps.removeLast();
  }

  /** For instance {@code spec.rules[0].http}. */
  String path() {
    StringBuilder path = new StringBuilder();
    for (Object step : steps) {
      switch (step) {
        case Integer index -> path.append('[').append(index).append(']');
        case Key key -> path.append('[').append(key.name()).append(']');
        default -> path.append(path.isEmpty() ? "" : ".").append(step);
      }
    }
    return path.toString();
  }
}
