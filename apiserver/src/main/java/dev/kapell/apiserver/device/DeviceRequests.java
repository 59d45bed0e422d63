package dev.kapell.apiserver.device;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.cel.CompileException;
import dev.kapell.cel.device.DeviceExpression;

/**
 * Refuses claims, their templates and classes whose selectors do not compile, and claims of access
 * to devices in use outside of namespaces that are marked for that. What was stored may stay.
 */
public final class DeviceRequests implements Admission {
  private static final String GROUP = ".resource.k8s.io";
  private static final String MARK = "resource.kubernetes.io/admin-access";

  @Override
  public void validate(Attempt attempt, Obj object) {
    boolean written = attempt.create() || attempt.operation() == Operation.UPDATE;
    String name = attempt.resource().qualifiedName();
    if (!written || !attempt.subresource().isEmpty() || !name.endsWith(GROUP)) {
      return;
    }
    Obj spec = object.child("spec");
    boolean same =
        attempt.old().filter(old -> old.child("spec").map().equals(spec.map())).isPresent();
    if (same) {
      return;
    }
    Errors errors = new Errors();
    switch (name) {
      case "deviceclasses.resource.k8s.io" -> selectors(spec, errors);
      case "resourceclaims.resource.k8s.io" -> requests(attempt, spec, errors);
      case "resourceclaimtemplates.resource.k8s.io" ->
          requests(attempt, spec.child("spec"), errors);
      default -> {}
    }
    if (!errors.isEmpty()) {
      throw Failures.invalid(
          attempt.resource(), object.child("metadata").text("name"), errors.list());
    }
  }

  private static void requests(Attempt attempt, Obj spec, Errors errors) {
    for (Obj request : spec.child("devices").items("requests")) {
      request
          .find("exactly")
          .ifPresent(
              exactly -> {
                selectors(exactly, errors);
                if (exactly.flag("adminAccess") && !isMarked(attempt)) {
                  errors.add(
                      FieldError.forbidden(
                          exactly.at("adminAccess"),
                          "admin access to devices requires the `"
                              + MARK
                              + ": true` label on the containing namespace"));
                }
              });
      request.items("firstAvailable").forEach(choice -> selectors(choice, errors));
    }
  }

  private static boolean isMarked(Attempt attempt) {
    return attempt
        .lookup()
        .find("namespaces", attempt.namespace())
        .map(namespace -> namespace.child("metadata").strings("labels").get(MARK))
        .filter("true"::equals)
        .isPresent();
  }

  private static void selectors(Obj object, Errors errors) {
    for (Obj selector : object.items("selectors")) {
      Obj cel = selector.child("cel");
      String expression = cel.text("expression");
      try {
        DeviceExpression.compile(expression);
      } catch (CompileException e) {
        errors.invalid(cel.at("expression"), expression, "compilation failed: " + e.words());
      }
    }
  }
}
