package dev.kapell.apiserver.fields;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts a stated object into a present one; and takes fields out of an object. Makes new trees. */
final class Merging {
  private Merging() {}

  /** {@code present} with everything that {@code stated} says. */
  static Map<String, Object> merge(
      Map<String, Object> present, Map<String, Object> stated, Shape shape) {
    return tree(value(present, stated, shape));
  }

  private static @Nullable Object value(
      @Nullable Object present, @Nullable Object stated, Shape shape) {
    Shape kind = shape.of(Values.isAbsent(stated) || stated == null ? present : stated);
    boolean leaf = Values.isEmpty(present) && Values.isEmpty(stated);
    if (!leaf && kind instanceof Shape.Fields fields) {
      return fields(Values.map(present), Values.map(stated), fields);
    }
    if (!leaf && kind instanceof Shape.Elements elements) {
      return new Lists(Values.list(present), Values.list(stated), elements).merge();
    }
    return Values.isAbsent(stated) ? present : stated;
  }

  private static Object fields(Map<?, ?> present, Map<?, ?> stated, Shape.Fields shape) {
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    Set<String> names = new java.util.LinkedHashSet<>();
    present.keySet().forEach(name -> names.add(String.valueOf(name)));
    stated.keySet().forEach(name -> names.add(String.valueOf(name)));
    for (String name : names) {
      Object inner =
          value(
              present.containsKey(name) ? present.get(name) : Values.ABSENT,
              stated.containsKey(name) ? stated.get(name) : Values.ABSENT,
              shape.field(name).orElse(Shape.Free.FREE));
      if (!Values.isAbsent(inner)) {
        merged.put(name, inner);
      }
    }
    return merged.isEmpty() ? Values.ABSENT : merged;
  }

  /**
   * Merges two keyed lists. Elements that both have come in the stated order; those of one list
   * only stay beside their neighbours.
   */
  private static final class Lists {
    private final Shape.Elements shape;
    private final List<Step> left;
    private final List<Step> right;
    private final Map<Step, @Nullable Object> present = new LinkedHashMap<>();
    private final Map<Step, @Nullable Object> stated = new LinkedHashMap<>();
    private final List<?> presentItems;
    private final List<@Nullable Object> merged = new ArrayList<>();
    private final Set<Step> done = new HashSet<>();
    private final Deque<Step> shared = new ArrayDeque<>();

    Lists(List<?> presentItems, List<?> statedItems, Shape.Elements shape) {
      this.shape = shape;
      this.presentItems = presentItems.stream().filter(i -> shape.step(i).isPresent()).toList();
      left = index(presentItems, present);
      right = index(statedItems, stated);
      right.stream().filter(present::containsKey).forEach(shared::add);
    }

    private List<Step> index(List<?> items, Map<Step, @Nullable Object> byStep) {
      List<Step> steps = new ArrayList<>(items.size());
      for (Object item : items) {
        shape
            .step(item)
            .ifPresent(
                step -> {
                  steps.add(step);
                  // What is there twice is replaced, not merged.
                  byStep.merge(step, item == null ? Values.ABSENT : item, (a, b) -> Values.ABSENT);
                });
      }
      return steps;
    }

    Object merge() {
      int l = 0;
      int r = 0;
      while (l < left.size() || r < right.size()) {
        if (l < left.size() && r < right.size()) {
          Step step = left.get(l);
          if (step.equals(right.get(r))) {
            take(step);
            l++;
            r++;
            shared.pollFirst();
            continue;
          }
          if (stated.containsKey(step) && !shared.isEmpty() && !step.equals(shared.peekFirst())) {
            l++; // its turn comes in the stated order
            continue;
          }
        }
        if (l < left.size()) {
          Step step = left.get(l);
          if (!stated.containsKey(step)) {
            merged.add(presentItems.get(l));
            l++;
            continue;
          }
          if (done.contains(step)) {
            l++;
          }
        }
        if (r < right.size()) {
          Step step = right.get(r);
          take(step);
          r++;
          if (step.equals(shared.peekFirst())) {
            shared.pollFirst();
          }
        }
      }
      return merged.isEmpty() ? Values.ABSENT : merged;
    }

    private void take(Step step) {
      done.add(step);
      Object item =
          value(
              present.containsKey(step) ? present.get(step) : Values.ABSENT,
              stated.get(step),
              shape.element());
      if (!Values.isAbsent(item)) {
        merged.add(item);
      }
    }
  }

  /** {@code object} without {@code fields} and what is below them. */
  static Map<String, Object> remove(Map<String, Object> object, FieldSet fields, Shape shape) {
    return fields.isEmpty() ? object : tree(without(object, fields, shape));
  }

  private static @Nullable Object without(@Nullable Object value, FieldSet fields, Shape shape) {
    return switch (shape.of(value)) {
      case Shape.Fields object when value instanceof Map<?, ?> map -> {
        Map<String, @Nullable Object> left = new LinkedHashMap<>();
        map.forEach(
            (key, inner) -> {
              String name = String.valueOf(key);
              Step step = Step.field(name);
              if (!fields.has(step)) {
                Object rest = rest(inner, fields.below(step), object.below(step));
                if (!Values.isAbsent(rest)) {
                  left.put(name, rest);
                }
              }
            });
        yield left.isEmpty() ? Values.ABSENT : left;
      }
      case Shape.Elements elements when value instanceof List<?> list -> {
        List<@Nullable Object> left = new ArrayList<>();
        for (Object item : list) {
          Step step = elements.step(item).orElse(Step.field(""));
          if (!fields.has(step)) {
            Object rest = rest(item, fields.below(step), elements.element());
            if (!Values.isAbsent(rest)) {
              left.add(rest);
            }
          }
        }
        yield left.isEmpty() ? Values.ABSENT : left;
      }
      default -> value;
    };
  }

  private static @Nullable Object rest(@Nullable Object inner, FieldSet fields, Shape shape) {
    return fields.isEmpty() ? inner : without(inner, fields, shape);
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static Map<String, Object> tree(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : new LinkedHashMap<>();
  }
}
