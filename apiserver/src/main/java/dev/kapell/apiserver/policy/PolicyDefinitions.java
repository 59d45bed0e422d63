package dev.kapell.apiserver.policy;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;

/** Refuses policies whose expressions do not compile. */
public final class PolicyDefinitions implements Admission {
  @Override
  public void validate(Attempt attempt, Obj policy) {
    String resource = attempt.resource().qualifiedName();
    boolean written = attempt.creates(resource) || attempt.updates(resource);
    if (!written || !attempt.resource().group().equals("admissionregistration.k8s.io")) {
      return;
    }
    PolicyCompiler compiler = new PolicyCompiler(policy);
    switch (attempt.resource().kind()) {
      case "ValidatingAdmissionPolicy" -> ValidatingPolicy.compile(compiler);
      case "MutatingAdmissionPolicy" -> MutatingPolicy.compile(compiler);
      default -> {
        return;
      }
    }
    if (!compiler.errors().isEmpty()) {
      throw Failures.invalid(
          attempt.resource(), policy.child("metadata").text("name"), compiler.errors().list());
    }
  }
}
