package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;

/** Refuses definitions whose rules do not compile or could cost too much. */
public final class DefinitionExpressions implements Admission {
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  @Override
  public void validate(Attempt attempt, Obj definition) {
    boolean written = attempt.creates(DEFINITIONS) || attempt.updates(DEFINITIONS);
    if (!written || unchanged(attempt, definition)) {
      return;
    }
    Errors errors = new Errors();
    for (Obj version : definition.child("spec").items("versions")) {
      version
          .child("schema")
          .find("openAPIV3Schema")
          .ifPresent(schema -> new RuleDefinitions(errors).check(schema.map(), schema.path()));
    }
    if (!errors.isEmpty()) {
      throw Failures.invalid(
          attempt.resource(), definition.child("metadata").text("name"), errors.list());
    }
  }

  /** What is stored stays: limits may have been other ones. */
  private static boolean unchanged(Attempt attempt, Obj definition) {
    return attempt
        .old()
        .map(old -> old.child("spec").map().equals(definition.child("spec").map()))
        .orElse(false);
  }
}
