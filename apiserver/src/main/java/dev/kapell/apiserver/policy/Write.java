package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.admission.Admission.Attempt;
import dev.kapell.apiserver.expression.Inputs;
import dev.kapell.apiserver.expression.RequestAccess;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.cel.Budget;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One write as policies see it: the inputs of each version are made once, for all policies. Belongs
 * to the thread of the request.
 */
final class Write {
  private final Attempt attempt;
  private final Obj object;
  private final RequestAccess access;
  private final Map<String, Inputs> byVersion = new HashMap<>();

  Write(Attempt attempt, Obj object, RequestAccess access) {
    this.attempt = attempt;
    this.object = object;
    this.access = access;
  }

  Attempt attempt() {
    return attempt;
  }

  Obj object() {
    return object;
  }

  /** What expressions read, in the version of {@code row}. */
  Inputs inputs(Row row) {
    return byVersion.computeIfAbsent(
        row.resource().apiVersion(),
        version ->
            row.conversion().isIdentity() || !row.resource().hasOwnBody(attempt.subresource())
                ? Inputs.of(attempt, object, attempt.old(), access)
                : Inputs.of(attempt, row.served(object), attempt.old().map(row::served), access));
  }

  /** The same with parameters and the policy's variables, which are worked out when read. */
  static Inputs with(Inputs inputs, Object params, List<Head.Variable> variables, Budget budget) {
    Inputs given = inputs.with("params", params);
    return variables.isEmpty()
        ? given
        : given.with("variables", new Variables(given, variables, budget));
  }

  private static final class Variables implements Fields {
    private final Inputs inputs;
    private final List<Head.Variable> variables;
    private final Budget budget;
    private final Map<String, Object> values = new HashMap<>();

    Variables(Inputs given, List<Head.Variable> variables, Budget budget) {
      this.inputs = given.with("variables", this);
      this.variables = variables;
      this.budget = budget;
    }

    @Override
    public Optional<Object> field(String name) {
      Object value = values.get(name);
      if (value == null) {
        value = evaluate(name);
        values.put(name, value);
      }
      if (value instanceof CelError error) {
        throw new CelError(
            "composited variable \"" + name + "\" fails to evaluate: " + error.words());
      }
      return Optional.of(value);
    }

    private Object evaluate(String name) {
      for (Head.Variable variable : variables) {
        if (variable.name().equals(name)) {
          try {
            return variable.program().eval(inputs, budget);
          } catch (CelError error) {
            return error;
          }
        }
      }
      return CelError.noSuchKey(name);
    }
  }
}
