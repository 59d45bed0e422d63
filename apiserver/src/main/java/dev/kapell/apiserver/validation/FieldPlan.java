package dev.kapell.apiserver.validation;

import dev.kapell.api.schema.FieldSchema;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The checks of one type and of everything below it; only branches that have checks are walked.
 * Immutable once {@link FieldPlans} has given it away.
 */
final class FieldPlan {
  /** A field with checks, or with checks below it. */
  record Field(
      String name, FieldSchema.Form form, FieldTable.Line line, @Nullable FieldPlan below) {}

  private final List<Law> laws;
  private List<Field> fields = List.of();

  FieldPlan(List<Law> laws) {
    this.laws = laws;
  }

  /** Of a type without checks. */
  static FieldPlan empty() {
    return new FieldPlan(List.of());
  }

  /** Once, before anybody checks by it. */
  void walk(List<Field> checked) {
    fields = List.copyOf(checked);
  }

  /** Whether it has nothing to check. */
  boolean isEmpty() {
    return laws.isEmpty() && fields.isEmpty();
  }

  /** Reports what is wrong with {@code object}, a whole one, but for its status. */
  void check(Obj object, Errors errors) {
    fields(object.map(), new Trail(), errors, field -> !field.equals("status"));
    laws.forEach(law -> law.check(object, errors));
  }

  /** Reports what is wrong with the status of {@code object}. */
  void checkStatus(Obj object, Errors errors) {
    fields(object.map(), new Trail(), errors, field -> field.equals("status"));
  }

  private interface Choice {
    boolean takes(String field);
  }

  private void walk(Map<String, Object> object, Trail at, Errors errors) {
    fields(object, at, errors, any -> true);
    if (!laws.isEmpty()) {
      Obj view = Obj.at(object, at.path());
      laws.forEach(law -> law.check(view, errors));
    }
  }

  private void fields(Map<String, Object> object, Trail at, Errors errors, Choice choice) {
    for (Field field : fields) {
      if (choice.takes(field.name())) {
        at.field(field.name());
        Object value = object.get(field.name());
        field.line().whole().forEach(check -> check.check(value, at, errors));
        below(field, value, at, errors);
        at.back();
      }
    }
  }

  private static void below(Field field, @Nullable Object value, Trail at, Errors errors) {
    switch (value) {
      case List<?> list when field.form() == FieldSchema.Form.LIST -> {
        for (int i = 0; i < list.size(); i++) {
          at.item(i);
          each(field, list.get(i), at, errors);
          at.back();
        }
      }
      case Map<?, ?> map when field.form() == FieldSchema.Form.MAP -> {
        for (var entry : map.entrySet()) {
          at.key(String.valueOf(entry.getKey()));
          each(field, entry.getValue(), at, errors);
          at.back();
        }
      }
      case null -> {
        // an absent list has no items
      }
      default -> each(field, value, at, errors);
    }
  }

  @SuppressWarnings("unchecked") // trees have text keys only
  private static void each(Field field, @Nullable Object value, Trail at, Errors errors) {
    field.line().each().forEach(check -> check.check(value, at, errors));
    if (field.below() != null && value instanceof Map<?, ?> map) {
      field.below().walk((Map<String, Object>) map, at, errors);
    }
  }

  /** Reports fields that may not change and did; not inside of lists. */
  void checkChange(Obj object, Obj old, Errors errors) {
    for (Field field : fields) {
      FieldPlan below = field.below();
      if (field.line().fixed() && !Trees.same(object.get(field.name()), old.get(field.name()))) {
        errors.immutable(object, old, field.name());
      } else if (below != null
          && field.form() == FieldSchema.Form.SINGLE
          && !field.name().equals("status")) {
        object
            .find(field.name())
            .ifPresent(next -> below.checkChange(next, old.child(field.name()), errors));
      }
    }
  }
}
