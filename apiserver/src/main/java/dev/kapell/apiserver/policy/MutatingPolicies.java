package dev.kapell.apiserver.policy;

import dev.kapell.api.patch.PatchException;
import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.admission.Reinvocation;
import dev.kapell.apiserver.expression.Inputs;
import dev.kapell.apiserver.expression.MatchConditions.Verdict;
import dev.kapell.apiserver.expression.RequestAccess;
import dev.kapell.apiserver.fields.Configuration;
import dev.kapell.apiserver.matching.Matching;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldValidation;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.cel.Budget;
import dev.kapell.cel.value.CelError;
import dev.kapell.cel.value.CostExceeded;
import dev.kapell.cel.value.Null;
import dev.kapell.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets every {@code MutatingAdmissionPolicy} that is bound and for a write change the object.
 * Thread-safe.
 *
 * <p>Follows the reference's "Mutating Admission Policy": policies in the order of their names;
 * those that want it are asked again, once, when somebody after them changed the object.
 */
public final class MutatingPolicies implements Admission {
  private final Known<MutatingPolicy> policies;
  private final Known<Binding> bindings;
  private final Params params;
  private final Rows rows;
  private final RequestAccess access;

  /**
   * Ready to change.
   *
   * @param store where the policies are
   * @param rows to find parameters, and to bring objects into the version of a policy
   * @param access answers for {@code authorizer}
   */
  public MutatingPolicies(Store store, Rows rows, RequestAccess access) {
    this.policies = new Known<>(store, "mutatingadmissionpolicies", MutatingPolicy::of);
    this.bindings = new Known<>(store, "mutatingadmissionpolicybindings", Binding::of);
    this.params = new Params(rows);
    this.rows = rows;
    this.access = access;
  }

  @Override
  public void admit(Attempt attempt, Obj object) {
    List<Binding> bound = bindings.all();
    if (bound.isEmpty()
        || attempt.operation() == Operation.DELETE
        || attempt.operation() == Operation.CONNECT
        || Matching.isExempt(attempt)) {
      return;
    }
    Reinvocation turns = Reinvocation.begin(attempt.rounds(), this, object);
    for (MutatingPolicy policy : policies.all()) {
      String name = policy.head().name();
      if (turns.includes(name)) {
        List<Binding> own = bound.stream().filter(each -> each.policy().equals(name)).toList();
        if (run(policy, own, attempt, object) && turns.changed()) {
          attempt.rounds().wantSecond();
        }
        if (policy.reinvocable()) {
          turns.asked(name);
        }
      }
    }
    turns.end(object);
  }

  /** Whether anything changed. */
  private boolean run(MutatingPolicy policy, List<Binding> own, Attempt attempt, Obj object) {
    Optional<Row> row =
        own.isEmpty() ? Optional.empty() : policy.head().matching().match(attempt, object, rows);
    if (row.isEmpty()) {
      return false;
    }
    boolean changed = false;
    for (Binding binding : own) {
      boolean covered =
          binding
              .matching()
              .map(narrower -> narrower.match(attempt, object, rows).isPresent())
              .orElse(true);
      if (covered) {
        changed |= run(policy, binding, attempt, object, row.get());
      }
    }
    return changed;
  }

  private boolean run(
      MutatingPolicy policy, Binding binding, Attempt attempt, Obj object, Row row) {
    try {
      if (!policy.head().broken().isEmpty()) {
        throw PatchException.unfit(policy.head().broken());
      }
      boolean changed = false;
      for (Object param : params.of(policy.head(), binding, attempt)) {
        changed |= mutate(policy, attempt, object, row, param);
      }
      return changed;
    } catch (Params.NotFound | PatchException | CelError | CostExceeded e) {
      if (policy.head().failsOpen()) {
        return false;
      }
      String name = attempt.request().target().name();
      throw Failures.forbidden(
          attempt.resource(),
          name.isEmpty() ? object.child("metadata").text("name") : name,
          "policy '%s' with binding '%s' denied request: %s"
              .formatted(policy.head().name(), binding.name(), e.getMessage()));
    }
  }

  private boolean mutate(
      MutatingPolicy policy, Attempt attempt, Obj object, Row row, Object param) {
    Budget budget = Budget.of(Budget.RULES);
    Map<String, Object> before = Trees.copy(object.map());
    for (int i = 0; i < policy.mutations().size(); i++) {
      MutatingPolicy.Mutation mutation = policy.mutations().get(i);
      Write write = new Write(attempt, object, access);
      Inputs inputs = Write.with(write.inputs(row), param, policy.head().variables(), budget);
      if (i == 0 && !holds(policy, inputs)) {
        return false;
      }
      Object value = mutation.program().eval(inputs, budget);
      if (budget.isSpent()) {
        throw PatchException.unfit("mutation failed due to running out of cost budget");
      }
      if (value != Null.VALUE) {
        change(attempt, object, row, value, mutation.patch());
      }
    }
    return !before.equals(object.map());
  }

  private static void change(Attempt attempt, Obj object, Row row, Object value, boolean patch) {
    if (row.resource().hasOwnBody(attempt.subresource())) {
      Configuration ofKind = new Configuration(Optional.of(row.form().shape()));
      replace(object, row, Mutator.apply(row.served(object).map(), value, patch, ofKind));
    } else {
      Configuration any = new Configuration(Optional.empty());
      Map<String, Object> changed = Mutator.apply(Trees.copy(object.map()), value, patch, any);
      object.map().clear();
      object.map().putAll(changed);
    }
  }

  private static boolean holds(MutatingPolicy policy, Inputs inputs) {
    return switch (policy.head().conditions().match(inputs)) {
      case Verdict.Matches _ -> true;
      case Verdict.Skips _ -> false;
      case Verdict.Fails(String message) -> throw PatchException.unfit(message);
    };
  }

  /** Puts the changed object, of the version of {@code row}, in the place of the old one. */
  private static void replace(Obj object, Row row, Map<String, Object> changed) {
    Obj next = Obj.root(row.form().canonical(changed, FieldValidation.STRICT, new ArrayList<>()));
    next.put("apiVersion", row.resource().apiVersion()).put("kind", row.resource().kind());
    for (String field : List.of("name", "namespace", "generateName", "uid")) {
      next.make("metadata").copy(field, object.child("metadata"));
    }
    row.conversion().toStored(next);
    row.strategy().defaults().apply(next);
    object.map().clear();
    object.map().putAll(next.map());
  }
}
