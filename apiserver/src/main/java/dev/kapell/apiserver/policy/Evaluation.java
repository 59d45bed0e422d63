package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.expression.Inputs;
import dev.kapell.apiserver.expression.MatchConditions.Verdict;
import dev.kapell.cel.Budget;
import dev.kapell.cel.Program;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.CostExceeded;
import dev.kapell.cel.value.Null;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One policy, with one set of parameters, on one write. */
final class Evaluation {
  private static final int MAX_MESSAGE_CHARS = 5 * 1024;
  private static final String OUT_OF_BUDGET =
      "validation failed due to running out of cost budget, no further validation rules will be"
          + " run";

  /**
   * What came of it.
   *
   * @param denials none: fine
   * @param annotations for the audit trail
   * @param broken notes that came to nothing, which deny whatever the binding does
   */
  record Result(List<Decision> denials, Map<String, String> annotations, List<Decision> broken) {
    static Result denied(Decision decision) {
      return new Result(List.of(decision), Map.of(), List.of());
    }
  }

  private final ValidatingPolicy policy;
  private final Budget budget = Budget.of(Budget.RULES);
  private final Inputs inputs;

  Evaluation(ValidatingPolicy policy, Inputs given, Object params) {
    this.policy = policy;
    this.inputs = Write.with(given, params, policy.head().variables(), budget);
  }

  Result run() {
    Head head = policy.head();
    if (!head.broken().isEmpty()) {
      return failed(head.broken());
    }
    return switch (head.conditions().match(inputs)) {
      case Verdict.Skips _ -> new Result(List.of(), Map.of(), List.of());
      case Verdict.Fails(String message) -> failed(message);
      case Verdict.Matches _ -> evaluate();
    };
  }

  private Result failed(String message) {
    return policy.head().failsOpen()
        ? new Result(List.of(), Map.of(), List.of())
        : Result.denied(new Decision(0, message, "Invalid"));
  }

  private Result evaluate() {
    List<Decision> denials = new ArrayList<>();
    for (int i = 0; i < policy.validations().size(); i++) {
      check(i, policy.validations().get(i)).ifPresent(denials::add);
    }
    Map<String, String> annotations = new LinkedHashMap<>();
    List<Decision> broken = new ArrayList<>();
    for (ValidatingPolicy.AuditAnnotation annotation : policy.auditAnnotations()) {
      note(annotation, annotations).ifPresent(broken::add);
    }
    return new Result(denials, annotations, broken);
  }

  private Optional<Decision> check(int index, ValidatingPolicy.Validation validation) {
    if (budget.isSpent()) {
      return error(index, OUT_OF_BUDGET);
    }
    try {
      Object value = validation.program().eval(inputs, budget);
      if (budget.isSpent()) {
        return error(index, OUT_OF_BUDGET);
      }
      return value.equals(true)
          ? Optional.empty()
          : Optional.of(new Decision(index, message(validation), validation.reason()));
    } catch (CelError | CostExceeded e) {
      return error(index, said(validation.program(), e));
    }
  }

  private Optional<Decision> error(int index, String message) {
    return policy.head().failsOpen()
        ? Optional.empty()
        : Optional.of(new Decision(index, message, "Invalid"));
  }

  private static String said(Program program, RuntimeException error) {
    return "expression '" + program.source() + "' resulted in error: " + error.getMessage();
  }

  private String message(ValidatingPolicy.Validation validation) {
    String said = validation.messageExpression().map(this::line).orElse("");
    if (!said.isEmpty()) {
      return said;
    }
    return validation.message().isBlank()
        ? "failed expression: " + validation.program().source().strip()
        : validation.message().strip();
  }

  /** What a message expression says; empty unless it is a decent line. */
  private String line(Program program) {
    try {
      String line = program.eval(inputs, budget) instanceof String text ? text.strip() : "";
      return line.contains("\n") || line.length() > MAX_MESSAGE_CHARS ? "" : line;
    } catch (CelError | CostExceeded e) {
      return ""; // the reference falls back to the plain message too
    }
  }

  /** Adds the note, or says why there is none. */
  private Optional<Decision> note(
      ValidatingPolicy.AuditAnnotation annotation, Map<String, String> notes) {
    String problem;
    try {
      Object value = annotation.value().eval(inputs, budget);
      if (value instanceof String text) {
        if (!text.isBlank()) {
          notes.put(policy.head().name() + "/" + annotation.key(), text.strip());
        }
        return Optional.empty();
      }
      if (value == Null.VALUE) {
        return Optional.empty();
      }
      problem =
          "valueExpression '"
              + annotation.value().source()
              + "' resulted in unsupported return type. Return type must be either string or null.";
    } catch (CelError | CostExceeded e) {
      problem = said(annotation.value(), e);
    }
    return policy.head().failsOpen()
        ? Optional.empty()
        : Optional.of(new Decision(0, problem, "Invalid"));
  }
}
