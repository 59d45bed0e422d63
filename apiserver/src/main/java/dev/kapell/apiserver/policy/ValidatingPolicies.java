package dev.kapell.apiserver.policy;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.meta.v1.Status;
import dev.kapell.api.meta.v1.StatusCause;
import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.audit.Trail;
import dev.kapell.apiserver.expression.RequestAccess;
import dev.kapell.apiserver.matching.Matching;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Rows;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates every {@code ValidatingAdmissionPolicy} that is bound and for a write. Thread-safe.
 *
 * <p>Follows the reference's "Validating Admission Policy".
 */
public final class ValidatingPolicies implements Admission {
  private static final String FAILURE = "validation.policy.admission.k8s.io/validation_failure";
  private static final int MAX_FAILURES = 50;

  private final Known<ValidatingPolicy> policies;
  private final Known<Binding> bindings;
  private final Params params;
  private final Rows rows;
  private final RequestAccess access;

  /**
   * Ready to judge.
   *
   * @param store where the policies are
   * @param rows to find parameters, and to bring objects into the version of a policy
   * @param access answers for {@code authorizer}
   */
  public ValidatingPolicies(Store store, Rows rows, RequestAccess access) {
    this.policies = new Known<>(store, "validatingadmissionpolicies", ValidatingPolicy::of);
    this.bindings = new Known<>(store, "validatingadmissionpolicybindings", Binding::of);
    this.params = new Params(rows);
    this.rows = rows;
    this.access = access;
  }

  @Override
  public void validate(Attempt attempt, Obj object) {
    List<Binding> bound = bindings.all();
    if (bound.isEmpty() || Matching.isExempt(attempt)) {
      return;
    }
    Outcome outcome = new Outcome(attempt, object);
    Write write = new Write(attempt, object, access);
    for (ValidatingPolicy policy : policies.all()) {
      List<Binding> own =
          bound.stream().filter(each -> each.policy().equals(policy.head().name())).toList();
      if (!own.isEmpty()) {
        judge(policy, own, write, outcome);
      }
    }
    outcome.finish();
  }

  private void judge(ValidatingPolicy policy, List<Binding> own, Write write, Outcome outcome) {
    Head head = policy.head();
    Optional<Row> row = head.matching().match(write.attempt(), write.object(), rows);
    if (row.isEmpty()) {
      return;
    }
    for (Binding binding : own) {
      boolean covered =
          binding
              .matching()
              .map(narrower -> narrower.match(write.attempt(), write.object(), rows).isPresent())
              .orElse(true);
      if (covered) {
        judge(policy, binding, write, row.get(), outcome);
      }
    }
  }

  private void judge(
      ValidatingPolicy policy, Binding binding, Write write, Row row, Outcome outcome) {
    try {
      for (Object param : params.of(policy.head(), binding, write.attempt())) {
        outcome.add(
            policy.head().name(), binding, new Evaluation(policy, write.inputs(row), param).run());
      }
    } catch (Params.NotFound e) {
      if (!policy.head().failsOpen()) {
        outcome.deny(
            policy.head().name(),
            binding,
            new Decision(0, "failed to configure binding: " + e.getMessage(), "Invalid"));
      }
    }
  }

  /** What all policies together say. */
  private static final class Outcome {
    private final Attempt attempt;
    private final Obj object;
    private final List<String> denials = new ArrayList<>();
    private final List<Object> failures = new ArrayList<>();
    private final Map<String, List<String>> notes = new LinkedHashMap<>();
    private String reason = "Invalid";

    Outcome(Attempt attempt, Obj object) {
      this.attempt = attempt;
      this.object = object;
    }

    void add(String policy, Binding binding, Evaluation.Result result) {
      for (Decision decision : result.denials()) {
        if (binding.does("Deny")) {
          deny(policy, binding, decision);
        }
        if (binding.does("Warn")) {
          attempt
              .warnings()
              .add(
                  "Validation failed for ValidatingAdmissionPolicy '%s' with binding '%s': %s"
                      .formatted(policy, binding.name(), decision.message()));
        }
        if (binding.does("Audit")) {
          failures.add(failure(policy, binding, decision));
        }
      }
      result.broken().forEach(decision -> deny(policy, binding, decision));
      result
          .annotations()
          .forEach(
              (key, value) -> {
                List<String> values = notes.computeIfAbsent(key, k -> new ArrayList<>());
                if (!values.contains(value)) {
                  values.add(value);
                }
              });
    }

    private static Map<String, Object> failure(String policy, Binding binding, Decision decision) {
      return Obj.tree(
          "message",
          decision.message(),
          "policy",
          policy,
          "binding",
          binding.name(),
          "expressionIndex",
          (long) decision.expression(),
          "validationActions",
          binding.actions());
    }

    void deny(String policy, Binding binding, Decision decision) {
      if (denials.isEmpty()) {
        reason = decision.reason();
      }
      denials.add(
          "ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s"
              .formatted(policy, binding.name(), decision.message()));
    }

    void finish() {
      Trail trail = Trail.current();
      notes.forEach((key, values) -> trail.annotate(key, String.join(", ", values)));
      if (!failures.isEmpty()) {
        Map<String, Object> all =
            Obj.tree("all", failures.subList(0, Math.min(MAX_FAILURES, failures.size())));
        String json = new String(JsonCodec.writeTree(all), StandardCharsets.UTF_8);
        trail.annotate(FAILURE, json.substring("{\"all\":".length(), json.length() - 1));
      }
      if (!denials.isEmpty()) {
        throw refusal();
      }
    }

    private ApiFailure refusal() {
      String name = attempt.request().target().name();
      StatusCause cause = StatusCause.builder().message(denials.getFirst()).build();
      Status status =
          Failures.forbidden(
                  attempt.resource(),
                  name.isEmpty() ? object.child("metadata").text("name") : name,
                  denials.getFirst(),
                  List.of(cause))
              .status();
      return new ApiFailure(status.withReason(reason).withCode(code(reason)));
    }

    private static int code(String reason) {
      return switch (reason) {
        case "Forbidden" -> 403;
        case "Unauthorized" -> 401;
        case "RequestEntityTooLarge" -> 413;
        default -> 422;
      };
    }
  }
}
