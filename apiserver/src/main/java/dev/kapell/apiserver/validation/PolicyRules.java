package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import java.util.List;
import java.util.Map;

/** Roles, priorities, budgets and revisions: what depends on names and on what was before. */
final class PolicyRules {
  private static final String RBAC = "rbac.authorization.k8s.io";

  private PolicyRules() {}

  static void addTo(Map<String, Rules> rows) {
    for (String kind : List.of("rolebindings.", "clusterrolebindings.")) {
      rows.put(kind + RBAC, Rules.none().onChange(PolicyRules::roleRef));
    }
    rows.put("priorityclasses.scheduling.k8s.io", new PriorityClassRules());
    Rules revision = (object, errors) -> errors.notNegative(object, "revision");
    rows.put(
        "controllerrevisions.apps",
        revision.onChange((next, old, errors) -> errors.immutable(next, old, "data")));
    rows.put(
        "certificatesigningrequests.certificates.k8s.io",
        Rules.none().onStatus(PolicyRules::conditions));
  }

  private static void roleRef(Obj next, Obj old, Errors errors) {
    if (!Trees.same(next.get("roleRef"), old.get("roleRef"))) {
      errors.invalid("roleRef", next.get("roleRef"), "cannot change roleRef");
    }
  }

  /** A request is approved or denied, once, and for good. */
  private static void conditions(Obj next, Obj old, Errors errors) {
    List<String> types =
        next.child("status").items("conditions").stream().map(c -> c.text("type")).toList();
    if (types.contains("Approved") && types.contains("Denied")) {
      errors.invalid(
          "status.conditions", types, "Approved and Denied conditions are mutually exclusive");
    }
    for (Obj condition : old.child("status").items("conditions")) {
      String type = condition.text("type");
      if (List.of("Approved", "Denied", "Failed").contains(type) && !types.contains(type)) {
        errors.add(
            FieldError.forbidden(
                "status.conditions",
                "updates may not remove a condition of type \"" + type + "\""));
      }
    }
    String issued = old.child("status").text("certificate");
    if (!issued.isEmpty() && !issued.equals(next.child("status").text("certificate"))) {
      errors.add(
          FieldError.forbidden(
              "status.certificate",
              "updates may not set certificate content to a different value"));
    }
  }
}
