package dev.kapell.apiserver.fields;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In which fields two objects of one shape differ.
 *
 * @param removed only the first has them
 * @param modified both have them, with other values
 * @param added only the second has them
 */
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {

  /** Compares; {@code before} may be empty for an object that is new. */
  static Comparison of(Map<String, Object> before, Map<String, Object> after, Shape shape) {
    Comparison comparison = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
    comparison.new Walk().values(before, after, shape);
    return comparison;
  }

  boolean isSame() {
    return removed.isEmpty() && modified.isEmpty() && added.isEmpty();
  }

  /** What the second has and the first has not, or has otherwise. */
  FieldSet changed() {
    return modified.union(added);
  }

  /** Only the fields that {@code part} covers. */
  Comparison within(Part part) {
    return new Comparison(part.of(removed), part.of(modified), part.of(added));
  }

  /** Walks through both objects at once, and knows the path of where it stands. */
  private final class Walk {
    private final List<Step> path = new ArrayList<>();

    void values(@Nullable Object before, @Nullable Object after, Shape shape) {
      if (before != null && before.equals(after)) {
        return; // most of an object stays as it is
      }
      boolean absentBefore = Values.isAbsent(before);
      boolean absentAfter = Values.isAbsent(after);
      Shape kind = shape.of(absentAfter || after == null ? before : after);
      if (kind instanceof Shape.Fields fields
          && !(Values.isEmpty(before) && Values.isEmpty(after))) {
        fields(Values.map(before), Values.map(after), fields);
      } else if (kind instanceof Shape.Elements elements
          && !(Values.isEmpty(before) && Values.isEmpty(after))) {
        elements(Values.list(before), Values.list(after), elements);
      } else if (!absentBefore && !absentAfter) {
        if (!Values.equal(before, after)) {
          modified.add(path);
        }
        return;
      }
      if (absentBefore) {
        added.add(path);
      } else if (absentAfter) {
        removed.add(path);
      }
    }

    private void fields(Map<?, ?> before, Map<?, ?> after, Shape.Fields shape) {
      for (Map.Entry<?, ?> entry : before.entrySet()) {
        String name = String.valueOf(entry.getKey());
        Object other = after.containsKey(name) ? after.get(name) : Values.ABSENT;
        field(name, entry.getValue(), other, shape);
      }
      for (Map.Entry<?, ?> entry : after.entrySet()) {
        String name = String.valueOf(entry.getKey());
        if (!before.containsKey(name)) {
          field(name, Values.ABSENT, entry.getValue(), shape);
        }
      }
    }

    private void field(
        String name, @Nullable Object before, @Nullable Object after, Shape.Fields shape) {
      path.add(Step.field(name));
      values(before, after, shape.field(name).orElse(Shape.Free.FREE));
      path.removeLast();
    }

    private void elements(List<?> before, List<?> after, Shape.Elements shape) {
      Map<Step, List<Object>> old = byStep(before, shape);
      Map<Step, List<Object>> young = byStep(after, shape);
      old.forEach((step, items) -> items(step, items, young.getOrDefault(step, List.of()), shape));
      young.forEach(
          (step, items) -> {
            if (!old.containsKey(step)) {
              items(step, List.of(), items, shape);
            }
          });
    }

    /** Elements of one key; more than one is possible in lists that nobody applied. */
    private void items(Step step, List<Object> before, List<Object> after, Shape.Elements shape) {
      boolean repeatedBefore = before.size() > 1;
      boolean repeatedAfter = after.size() > 1;
      path.add(step);
      if (repeatedBefore && repeatedAfter) {
        if (!Values.equal(before, after)) {
          modified.add(path);
        }
      } else {
        Object old = repeatedBefore || before.isEmpty() ? Values.ABSENT : before.getFirst();
        Object young = repeatedAfter || after.isEmpty() ? Values.ABSENT : after.getFirst();
        if (!Values.isAbsent(old) || !Values.isAbsent(young)) {
          values(old, young, shape.element());
        }
        if (repeatedBefore) {
          removed.add(path);
        } else if (repeatedAfter) {
          added.add(path);
        }
      }
      path.removeLast();
    }

    private static Map<Step, List<Object>> byStep(List<?> list, Shape.Elements shape) {
      Map<Step, List<Object>> items = new LinkedHashMap<>();
      for (Object item : list) {
        Optional<Step> step = shape.step(item);
        step.ifPresent(key -> items.computeIfAbsent(key, none -> new ArrayList<>()).add(item));
      }
      return items;
    }
  }
}
