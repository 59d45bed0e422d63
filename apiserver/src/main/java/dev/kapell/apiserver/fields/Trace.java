package dev.kapell.apiserver.fields;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a walk through two objects at once meets: the way to each field in which they differ, and
 * how. Two pairs of objects with equal traces differ in the same fields, whatever stands in those.
 * One thread's while it walks, then immutable.
 */
final class Trace {
  /** What is met besides the way itself. */
  private enum Mark {
    /** Only the first object has the field where the walk stands. */
    REMOVED,
    /** Both have it, with other values. */
    MODIFIED,
    /** Only the second has it. */
    ADDED,
    /** One step back. */
    BACK
  }

  /** A field of both objects, {@link Values#ABSENT} where one has none. */
  private record Sides(String name, @Nullable Object before, @Nullable Object after) {}

  /** Names of fields, {@link Step}s to elements, {@link Mark}s. */
  private final List<Object> met = new ArrayList<>();

  /** The way to where the walk stands, of which the first {@link #told} steps are in the trace. */
  private final List<Object> path = new ArrayList<>();

  private int told;
  private int hash;

  private Trace() {}

  /** Walks; {@code before} may be empty for an object that is new. */
  static Trace of(Map<String, Object> before, Map<String, Object> after, Shape shape, Part part) {
    Trace trace = new Trace();
    trace.values(before, after, shape, part.inside() ? null : part.fields());
    trace.hash = trace.met.hashCode();
    return trace;
  }

  /** The fields. */
  Comparison comparison() {
    Growth removed = new Growth();
    Growth modified = new Growth();
    Growth added = new Growth();
    List<Step> way = new ArrayList<>();
    for (Object each : met) {
      switch (each) {
        case String field -> way.add(Step.field(field));
        case Step step -> way.add(step);
        case Mark.REMOVED -> removed.add(way);
        case Mark.MODIFIED -> modified.add(way);
        case Mark.ADDED -> added.add(way);
        case Mark.BACK -> {
          way.removeLast();
          removed.back(way.size());
          modified.back(way.size());
          added.back(way.size());
        }
        default -> throw new IllegalStateException("not part of a trace: " + each);
      }
    }
    return new Comparison(removed.whole(), modified.whole(), added.whole());
  }

  /** How many steps and marks it has. */
  int length() {
    return met.size();
  }

  /** A set that grows along the way of a walk. */
  private static final class Growth {
    /** The whole set, and what is below each step of the way, as far as something was added. */
    private final List<FieldSet> open = new ArrayList<>(List.of(new FieldSet()));

    FieldSet whole() {
      return open.getFirst();
    }

    void add(List<Step> way) {
      while (open.size() < way.size()) {
        open.add(open.getLast().reach(way.get(open.size() - 1)));
      }
      if (!way.isEmpty()) {
        open.getLast().add(way.getLast());
      }
    }

    void back(int length) {
      while (open.size() > Math.max(1, length)) {
        open.removeLast();
      }
    }
  }

  private void enter(Object step) {
    path.add(step);
  }

  private void leave() {
    if (told == path.size()) {
      met.add(Mark.BACK);
      told--;
    }
    path.removeLast();
  }

  private void mark(Mark mark) {
    for (; told < path.size(); told++) {
      met.add(path.get(told));
    }
    met.add(mark);
  }

  private void values(
      @Nullable Object before, @Nullable Object after, Shape shape, @Nullable FieldSet skipped) {
    if (before != null && before.equals(after)) {
      return; // most of an object stays as it is
    }
    boolean absentBefore = Values.isAbsent(before);
    boolean absentAfter = Values.isAbsent(after);
    Shape kind = shape.of(absentAfter || after == null ? before : after);
    if (kind instanceof Shape.Fields fields && !(Values.isEmpty(before) && Values.isEmpty(after))) {
      fields(Values.map(before), Values.map(after), fields, skipped);
    } else if (kind instanceof Shape.Elements elements
        && !(Values.isEmpty(before) && Values.isEmpty(after))) {
      elements(Values.list(before), Values.list(after), elements);
    } else if (!absentBefore && !absentAfter) {
      if (!Values.equal(before, after)) {
        mark(Mark.MODIFIED);
      }
      return;
    }
    if (absentBefore) {
      mark(Mark.ADDED);
    } else if (absentAfter) {
      mark(Mark.REMOVED);
    }
  }

  private void fields(
      Map<?, ?> before, Map<?, ?> after, Shape.Fields shape, @Nullable FieldSet skipped) {
    for (Map.Entry<?, ?> entry : before.entrySet()) {
      String name = String.valueOf(entry.getKey());
      Object other = after.get(name);
      if (other == null && !after.containsKey(name)) {
        other = Values.ABSENT;
      }
      field(new Sides(name, entry.getValue(), other), shape, skipped);
    }
    for (Map.Entry<?, ?> entry : after.entrySet()) {
      String name = String.valueOf(entry.getKey());
      if (!before.containsKey(name)) {
        field(new Sides(name, Values.ABSENT, entry.getValue()), shape, skipped);
      }
    }
  }

  private void field(Sides sides, Shape.Fields shape, @Nullable FieldSet skipped) {
    FieldSet below = null;
    if (skipped != null) {
      Step step = Step.field(sides.name());
      if (skipped.has(step)) {
        return;
      }
      FieldSet deeper = skipped.below(step);
      below = deeper.isEmpty() ? null : deeper;
    }
    enter(sides.name());
    Shape inner = shape.field(sides.name()).orElse(Shape.Free.FREE);
    values(sides.before(), sides.after(), inner, below);
    leave();
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
    enter(step);
    if (repeatedBefore && repeatedAfter) {
      if (!Values.equal(before, after)) {
        mark(Mark.MODIFIED);
      }
    } else {
      Object old = repeatedBefore || before.isEmpty() ? Values.ABSENT : before.getFirst();
      Object young = repeatedAfter || after.isEmpty() ? Values.ABSENT : after.getFirst();
      if (!Values.isAbsent(old) || !Values.isAbsent(young)) {
        values(old, young, shape.element(), null);
      }
      if (repeatedBefore) {
        mark(Mark.REMOVED);
      } else if (repeatedAfter) {
        mark(Mark.ADDED);
      }
    }
    leave();
  }

  private static Map<Step, List<Object>> byStep(List<?> list, Shape.Elements shape) {
    Map<Step, List<Object>> items = new LinkedHashMap<>();
    for (Object item : list) {
      Optional<Step> step = shape.step(item);
      step.ifPresent(key -> items.computeIfAbsent(key, none -> new ArrayList<>()).add(item));
    }
    return items;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Trace that && hash == that.hash && met.equals(that.met);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
