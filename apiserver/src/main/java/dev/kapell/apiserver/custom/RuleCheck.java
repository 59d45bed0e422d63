package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.custom.RuleTree.Rule;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.cel.Budget;
import dev.kapell.cel.Variables;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.CostExceeded;
import dev.kapell.cel.value.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the rules of a schema on one object. Used once, by one thread.
 *
 * <p>A rule on a value that did not change does not refuse a write (ratcheting), unless it compares
 * with the old value.
 */
final class RuleCheck {
  private static final int MAX_MESSAGE_CHARS = 5 * 1024;

  private final Errors errors;
  private final Budget budget = Budget.of(Budget.RULES);
  private boolean stopped;

  RuleCheck(Errors errors) {
    this.errors = errors;
  }

  /**
   * Reports what is broken at {@code path}.
   *
   * @param old the value before; null when there is none to compare with
   */
  void check(RuleTree tree, @Nullable Object value, @Nullable Object old, String path) {
    if (stopped || value == null) {
      return;
    }
    rules(tree, value, old, path);
    for (RuleTree more : tree.all()) {
      check(more, value, old, path);
    }
    switch (value) {
      case Map<?, ?> map -> map(tree, map, old instanceof Map<?, ?> m ? m : Map.of(), path);
      case List<?> list when tree.items().isPresent() ->
          list(tree, tree.items().get(), list, old instanceof List<?> l ? l : List.of(), path);
      default -> {}
    }
  }

  private void map(RuleTree tree, Map<?, ?> map, Map<?, ?> old, String path) {
    map.forEach(
        (key, value) -> {
          String field = String.valueOf(key);
          RuleTree property = tree.properties().get(field);
          if (property != null) {
            check(property, value, old.get(key), path.isEmpty() ? field : path + "." + field);
          } else if (tree.additional().isPresent()) {
            check(tree.additional().get(), value, old.get(key), path + "[" + field + "]");
          }
        });
  }

  private void list(RuleTree tree, RuleTree items, List<?> list, List<?> old, String path) {
    KeyedItems before = KeyedItems.of(tree.keys(), old);
    for (int i = 0; i < list.size(); i++) {
      Object item = list.get(i);
      check(items, item, before.like(item), path + "[" + i + "]");
    }
  }

  private void rules(RuleTree tree, Object value, @Nullable Object old, String path) {
    if (tree.rules().isEmpty()) {
      return;
    }
    Self self = new Self(tree, value, old);
    boolean unchanged = old != null && old.equals(value);
    for (Rule rule : tree.rules()) {
      if (stopped) {
        return;
      }
      if (rule.program().isEmpty()) {
        if (!rule.broken().isEmpty()) {
          invalid(tree, path, "rule compile error: " + rule.broken());
        }
      } else if (!skipped(rule, old, unchanged)) {
        evaluate(tree, rule, self, path);
      }
    }
  }

  private static boolean skipped(Rule rule, @Nullable Object old, boolean unchanged) {
    return rule.transition() ? old == null && !rule.optionalOldSelf() : unchanged;
  }

  private void evaluate(RuleTree tree, Rule rule, Self self, String path) {
    try {
      boolean holds =
          rule.program()
              .map(program -> program.eval(self.variables(rule.optionalOldSelf()), budget))
              .orElse(true)
              .equals(true);
      if (budget.isSpent()) {
        outOfBudget(tree, path);
      } else if (!holds) {
        report(tree, rule, self, path);
      }
    } catch (CelError e) {
      invalid(
          tree,
          path,
          e.words().startsWith("no such overload")
              ? "'"
                  + e.words()
                  + "': call arguments did not match a supported operator, function or macro"
                  + " signature for rule: "
                  + rule.shown()
              : e.words() + " evaluating rule: " + rule.shown());
      if (budget.isSpent()) {
        outOfBudget(tree, path);
      }
    } catch (CostExceeded e) {
      invalid(
          tree,
          path,
          "'"
              + e.getMessage()
              + "': no further validation rules will be run due to call cost exceeds limit for"
              + " rule: "
              + rule.shown());
      stopped = true;
    }
  }

  private void outOfBudget(RuleTree tree, String path) {
    invalid(
        tree,
        path,
        "validation failed due to running out of cost budget, no further validation rules will be"
            + " run");
    stopped = true;
  }

  private void report(RuleTree tree, Rule rule, Self self, String path) {
    String at = path + rule.path();
    String where = at.startsWith(".") ? at.substring(1) : at;
    String detail =
        message(rule, self)
            .orElseGet(
                () ->
                    rule.message().isBlank()
                        ? "failed rule: " + rule.source().strip()
                        : rule.message().strip());
    boolean composite = tree.type().equals("object") || tree.type().equals("array");
    errors.add(
        switch (rule.reason()) {
          case "FieldValueForbidden" -> FieldError.forbidden(where, detail);
          case "FieldValueRequired" -> FieldError.required(where, detail);
          case "FieldValueDuplicate" -> FieldError.duplicate(where, self.shown(composite));
          default ->
              composite
                  ? new FieldError("FieldValueInvalid", where, "Invalid value: " + detail)
                  : FieldError.invalid(where, self.shown(false), detail);
        });
  }

  /** What the message expression says, if there is one and it comes to a decent line. */
  private Optional<String> message(Rule rule, Self self) {
    if (rule.messageExpression().isEmpty()) {
      return Optional.empty();
    }
    try {
      Object said =
          rule.messageExpression().get().eval(self.variables(rule.optionalOldSelf()), budget);
      String line = said instanceof String text ? text.strip() : "";
      boolean decent =
          !line.isEmpty() && !line.contains("\n") && line.length() <= MAX_MESSAGE_CHARS;
      return decent ? Optional.of(line) : Optional.empty();
    } catch (CelError | CostExceeded e) {
      return Optional.empty(); // the reference falls back to the plain message too
    }
  }

  private void invalid(RuleTree tree, String path, String detail) {
    errors.add(FieldError.invalid(path, tree.type(), detail));
  }

  /** The values of {@code self} and {@code oldSelf} at one place. */
  private static final class Self {
    private final Object value;
    private final Optional<Object> self;
    private final Optional<Object> oldSelf;

    Self(RuleTree tree, Object value, @Nullable Object old) {
      this.value = value;
      this.self = Optional.of(tree.value().adapt(Values.of(value)));
      this.oldSelf = Optional.ofNullable(old).map(before -> tree.value().adapt(Values.of(before)));
    }

    Variables variables(boolean optional) {
      return name ->
          switch (name) {
            case "self" -> self;
            case "oldSelf" -> optional ? Optional.of(oldSelf) : oldSelf;
            default -> Optional.empty();
          };
    }

    Object shown(boolean composite) {
      return composite ? "" : value;
    }
  }
}
