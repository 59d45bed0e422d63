package dev.kapell.apiserver.admission;

import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.tree.Obj;

/** Nothing comes into being in a namespace that is not there, or is going. */
final class NamespaceLifecycle implements Admission {
  @Override
  public void admit(Attempt attempt, Obj object) {
    // Who asks about rights in a namespace may ask before it is there.
    if (!attempt.create()
        || !attempt.resource().namespaced()
        || attempt.creates("localsubjectaccessreviews.authorization.k8s.io")) {
      return;
    }
    String name = attempt.request().target().namespace();
    if (!attempt.lookup().has("namespaces", name, "metadata", "name")) {
      throw Failures.notFound("", "namespaces", name);
    }
    if (attempt.lookup().has("namespaces", name, "metadata", "deletionTimestamp")) {
      throw Failures.terminating(attempt.resource(), object.child("metadata").text("name"), name);
    }
  }
}
