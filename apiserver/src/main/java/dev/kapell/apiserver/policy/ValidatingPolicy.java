package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.cel.Environment;
import dev.kapell.cel.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A compiled {@code ValidatingAdmissionPolicy}. Immutable. */
record ValidatingPolicy(
    Head head, List<Validation> validations, List<AuditAnnotation> auditAnnotations) {

  /**
   * An expression that has to hold.
   *
   * @param message of a refusal; empty: made of the expression
   * @param reason of a refusal, for instance {@code Forbidden}
   */
  record Validation(
      Program program, String message, Optional<Program> messageExpression, String reason) {}

  /** A note for the audit trail. */
  record AuditAnnotation(String key, Program value) {}

  static ValidatingPolicy of(Obj policy) {
    return compile(new PolicyCompiler(policy));
  }

  /** Compiles what can be; the compiler knows what is wrong. */
  static ValidatingPolicy compile(PolicyCompiler compiler) {
    Head head = compiler.head();
    Environment full = compiler.environment(true, true).build();
    Environment without = compiler.environment(true, false).build();
    List<Validation> validations = new ArrayList<>();
    for (Obj validation : compiler.spec().items("validations")) {
      Optional<Program> message =
          validation.text("messageExpression").isBlank()
              ? Optional.empty()
              : compiler.compile(without, validation, "messageExpression", "string");
      String reason = validation.text("reason");
      compiler
          .compile(full, validation, "expression", "bool")
          .ifPresent(
              program ->
                  validations.add(
                      new Validation(
                          program,
                          validation.text("message"),
                          message,
                          reason.isEmpty() ? "Invalid" : reason)));
    }
    List<AuditAnnotation> annotations = new ArrayList<>();
    for (Obj annotation : compiler.spec().items("auditAnnotations")) {
      compiler
          .compile(full, annotation, "valueExpression", "string", "null_type", "dyn")
          .ifPresent(
              program -> annotations.add(new AuditAnnotation(annotation.text("key"), program)));
    }
    return new ValidatingPolicy(compiler.finished(head), validations, annotations);
  }
}
