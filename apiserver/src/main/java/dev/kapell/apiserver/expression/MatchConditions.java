package dev.kapell.apiserver.expression;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.cel.Budget;
import dev.kapell.cel.CompileException;
import dev.kapell.cel.Environment;
import dev.kapell.cel.Program;
import dev.kapell.cel.Variables;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.CostExceeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code matchConditions} of a webhook or policy: all have to hold, else it is not asked.
 * Compiled once; immutable, thread-safe.
 *
 * <p>Follows "Matching requests: matchConditions" of the reference.
 */
public final class MatchConditions {
  /** None: everything matches. */
  public static final MatchConditions NONE = new MatchConditions(List.of());

  private record Condition(String name, Optional<Program> program, String broken) {}

  /** What came of it. */
  public sealed interface Verdict {
    /** All hold. */
    record Matches() implements Verdict {}

    /** One does not hold: it is not for this request. */
    record Skips(String condition) implements Verdict {}

    /** None is false, and at least one came to nothing: the failure policy decides. */
    record Fails(String message) implements Verdict {}
  }

  private final List<Condition> conditions;

  private MatchConditions(List<Condition> conditions) {
    this.conditions = List.copyOf(conditions);
  }

  /**
   * Compiled in the environment of webhooks. What does not compile fails when it is evaluated.
   *
   * @param conditions each with {@code name} and {@code expression}
   */
  public static MatchConditions of(List<Obj> conditions) {
    return conditions.isEmpty() ? NONE : of(conditions, Environments.conditions());
  }

  /** The same in an environment with more variables. */
  public static MatchConditions of(List<Obj> conditions, Environment environment) {
    List<Condition> compiled = new ArrayList<>();
    for (Obj condition : conditions) {
      String name = condition.text("name");
      try {
        Program program = environment.compile(condition.text("expression"), "bool");
        compiled.add(new Condition(name, Optional.of(program), ""));
      } catch (CompileException e) {
        compiled.add(new Condition(name, Optional.empty(), "compilation failed: " + e.words()));
      }
    }
    return new MatchConditions(compiled);
  }

  /** Reports what does not compile, for the definition of a webhook. */
  public static void check(List<Obj> conditions, Errors errors) {
    if (!conditions.isEmpty()) {
      check(conditions, Environments.conditions(), errors);
    }
  }

  /** The same in an environment with more variables. */
  public static void check(List<Obj> conditions, Environment environment, Errors errors) {
    for (Obj condition : conditions) {
      String expression = condition.text("expression");
      if (!expression.isBlank()) {
        compiles(environment, expression, condition.at("expression"), errors, "bool");
      }
    }
  }

  /** Reports {@code expression} at {@code path} unless it compiles to one of {@code results}. */
  public static void compiles(
      Environment environment, String expression, String path, Errors errors, String... results) {
    try {
      environment.compile(expression, results);
    } catch (CompileException e) {
      boolean type = e.words().startsWith("must evaluate");
      errors.invalid(path, expression, (type ? "" : "compilation failed: ") + e.words());
    }
  }

  /** Whether there is any. */
  public boolean isEmpty() {
    return conditions.isEmpty();
  }

  /** Evaluates them. A condition that is false wins over conditions that fail. */
  public Verdict match(Variables inputs) {
    Budget budget = Budget.of(Budget.MATCH_CONDITIONS);
    List<String> failures = new ArrayList<>();
    for (Condition condition : conditions) {
      if (condition.program().isEmpty()) {
        failures.add(condition.broken());
        continue;
      }
      try {
        Object value = condition.program().get().eval(inputs, budget);
        if (budget.isSpent()) {
          return new Verdict.Fails(
              "validation failed due to running out of cost budget, no further validation rules"
                  + " will be run");
        }
        if (value.equals(false)) {
          return new Verdict.Skips(condition.name());
        }
      } catch (CelError | CostExceeded e) {
        failures.add(
            "expression '"
                + condition.program().get().source()
                + "' resulted in error: "
                + e.getMessage());
      }
    }
    return switch (failures.size()) {
      case 0 -> new Verdict.Matches();
      case 1 -> new Verdict.Fails(failures.getFirst());
      default -> new Verdict.Fails("[" + String.join(", ", failures) + "]");
    };
  }
}
