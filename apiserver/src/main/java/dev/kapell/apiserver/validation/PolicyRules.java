package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;

/** Roles, priorities, budgets, autoscalers and webhooks. */
final class PolicyRules {
  private static final long HIGHEST_USER_PRIORITY = 1_000_000_000;
  private static final String RBAC = "rbac.authorization.k8s.io";

  private PolicyRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put("roles." + RBAC, PolicyRules::role);
    rows.put("clusterroles." + RBAC, PolicyRules::role);
    Rules binding = PolicyRules::binding;
    Rules.Change roleRef = (next, old, errors) -> errors.immutable(next, old, "roleRef");
    rows.put("rolebindings." + RBAC, binding.onChange(roleRef));
    rows.put("clusterrolebindings." + RBAC, binding.onChange(roleRef));
    Rules priority = PolicyRules::priorityClass;
    rows.put(
        "priorityclasses.scheduling.k8s.io",
        priority.onChange(
            (next, old, errors) -> {
              immutableNumber(next, old, errors);
              errors.immutable(next, old, "preemptionPolicy");
            }));
    rows.put("poddisruptionbudgets.policy", PolicyRules::budget);
    rows.put("horizontalpodautoscalers.autoscaling", PolicyRules::autoscaler);
    Rules runtimeClass = (object, errors) -> errors.require(object, "handler");
    rows.put(
        "runtimeclasses.node.k8s.io",
        runtimeClass.onChange((next, old, errors) -> errors.immutable(next, old, "handler")));
    Rules revision = (object, errors) -> errors.notNegative(object, "revision");
    rows.put(
        "controllerrevisions.apps",
        revision.onChange((next, old, errors) -> errors.immutable(next, old, "data")));
    for (String kind : List.of("validating", "mutating")) {
      rows.put(kind + "webhookconfigurations.admissionregistration.k8s.io", PolicyRules::webhooks);
    }
    Rules csr = PolicyRules::certificateRequest;
    rows.put(
        "certificatesigningrequests.certificates.k8s.io",
        csr.onChange((next, old, errors) -> errors.immutable(next, old, "spec")));
  }

  private static void role(Obj role, Errors errors) {
    for (Obj rule : role.items("rules")) {
      errors.require(rule, "verbs");
      boolean paths = !rule.values("nonResourceURLs").isEmpty();
      if (paths) {
        if (role.child("metadata").has("namespace")) {
          errors.invalid(
              rule.at("nonResourceURLs"),
              rule.get("nonResourceURLs"),
              "namespaced rules cannot apply to non-resource URLs");
        }
      } else {
        if (rule.values("apiGroups").isEmpty()) {
          errors.add(
              FieldError.required(
                  rule.at("apiGroups"), "resource rules must supply at least one api group"));
        }
        if (rule.values("resources").isEmpty()) {
          errors.add(
              FieldError.required(
                  rule.at("resources"), "resource rules must supply at least one resource"));
        }
      }
    }
  }

  private static void binding(Obj binding, Errors errors) {
    Obj ref = binding.child("roleRef");
    errors.oneOf(ref, "apiGroup", List.of(RBAC));
    errors.requireOneOf(ref, "kind", List.of("ClusterRole", "Role"));
    errors.require(ref, "name");
    for (Obj subject : binding.items("subjects")) {
      errors.require(subject, "name");
      errors.requireOneOf(subject, "kind", List.of("Group", "ServiceAccount", "User"));
    }
  }

  private static void priorityClass(Obj priority, Errors errors) {
    String name = priority.child("metadata").text("name");
    if (name.startsWith("system-")) {
      if (!List.of("system-cluster-critical", "system-node-critical").contains(name)) {
        errors.add(
            FieldError.forbidden(
                "metadata.name",
                "priority class names with 'system-' prefix are reserved for system use only"));
      }
    } else if (priority.number("value", 0) > HIGHEST_USER_PRIORITY) {
      errors.add(
          FieldError.forbidden(
              "value", "maximum allowed value of a user defined priority is 1000000000"));
    }
    errors.oneOf(priority, "preemptionPolicy", List.of("Never", "PreemptLowerPriority"));
  }

  private static void immutableNumber(Obj next, Obj old, Errors errors) {
    if (next.number("value", 0) != old.number("value", 0)) {
      errors.add(FieldError.forbidden("value", "may not be changed in an update."));
    }
  }

  private static void budget(Obj budget, Errors errors) {
    Obj spec = budget.child("spec");
    if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
      errors.invalid("spec", spec.map(), "minAvailable and maxUnavailable cannot be both set");
    }
    errors.countOrPercent(spec, "minAvailable");
    errors.countOrPercent(spec, "maxUnavailable");
    errors.selector(spec, "selector");
  }

  private static void autoscaler(Obj autoscaler, Errors errors) {
    Obj spec = autoscaler.child("spec");
    errors.require(spec.child("scaleTargetRef"), "kind");
    errors.require(spec.child("scaleTargetRef"), "name");
    long max = spec.number("maxReplicas", 0);
    if (max < 1) {
      errors.invalid("spec.maxReplicas", spec.get("maxReplicas"), "must be greater than 0");
    }
    if (spec.number("minReplicas", 1) > max) {
      errors.invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
    }
  }

  private static void webhooks(Obj configuration, Errors errors) {
    errors.unique(configuration, "webhooks", "name");
    for (Obj webhook : configuration.items("webhooks")) {
      errors.require(webhook, "name");
      errors.require(webhook, "admissionReviewVersions");
      errors.requireOneOf(webhook, "sideEffects", List.of("None", "NoneOnDryRun"));
      errors.oneOf(webhook, "failurePolicy", List.of("Fail", "Ignore"));
      Obj client = webhook.child("clientConfig");
      if (client.has("url") == client.has("service")) {
        errors.add(FieldError.required(client.path(), "exactly one of url or service is required"));
      }
      long timeout = webhook.number("timeoutSeconds", 10);
      if (timeout < 1 || timeout > 30) {
        errors.invalid(
            webhook.at("timeoutSeconds"),
            timeout,
            "the timeout value must be between 1 and 30 seconds");
      }
    }
  }

  private static void certificateRequest(Obj request, Errors errors) {
    Obj spec = request.child("spec");
    errors.require(spec, "request");
    errors.require(spec, "signerName");
    errors.require(spec, "usages");
    if (spec.has("expirationSeconds") && spec.number("expirationSeconds", 0) < 600) {
      errors.invalid(
          "spec.expirationSeconds",
          spec.get("expirationSeconds"),
          "may not specify a duration less than 600 seconds (10 minutes)");
    }
  }
}
