package dev.kapell.apiserver.defaulting;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/** Roles, priorities, admission and flow control. */
final class PolicyDefaults {
  private static final String RBAC = "rbac.authorization.k8s.io";

  private PolicyDefaults() {}

  static void roleBinding(Obj binding) {
    binding.find("roleRef").ifPresent(ref -> fillGroup(ref, RBAC));
    for (Obj subject : binding.items("subjects")) {
      if (!subject.text("kind").equals("ServiceAccount")) {
        fillGroup(subject, RBAC);
      }
    }
  }

  private static void fillGroup(Obj reference, String group) {
    if (reference.text("apiGroup").isEmpty()) {
      reference.put("apiGroup", group);
    }
  }

  static void priorityClass(Obj priorityClass) {
    priorityClass.fill("preemptionPolicy", "PreemptLowerPriority");
  }

  static void webhooks(Obj configuration) {
    for (Obj webhook : configuration.items("webhooks")) {
      webhook
          .fill("failurePolicy", "Fail")
          .fill("matchPolicy", "Equivalent")
          .fill("timeoutSeconds", 10L);
      webhook.make("namespaceSelector");
      webhook.make("objectSelector");
      webhook.items("rules").forEach(rule -> rule.fill("scope", "*"));
      webhook
          .child("clientConfig")
          .find("service")
          .ifPresent(service -> service.fill("port", 443L));
    }
  }

  static void mutatingWebhooks(Obj configuration) {
    webhooks(configuration);
    configuration.items("webhooks").forEach(webhook -> webhook.fill("reinvocationPolicy", "Never"));
  }

  static void admissionPolicy(Obj policy) {
    Obj spec = policy.make("spec");
    spec.fill("failurePolicy", "Fail");
    spec.find("matchConstraints").ifPresent(PolicyDefaults::match);
  }

  static void mutatingPolicy(Obj policy) {
    admissionPolicy(policy);
    policy.make("spec").fill("reinvocationPolicy", "Never");
  }

  static void policyBinding(Obj binding) {
    binding.make("spec").find("matchResources").ifPresent(PolicyDefaults::match);
  }

  private static void match(Obj match) {
    match.fill("matchPolicy", "Equivalent");
    match.make("namespaceSelector");
    match.make("objectSelector");
    for (String rules : List.of("resourceRules", "excludeResourceRules")) {
      match.items(rules).forEach(rule -> rule.fill("scope", "*"));
    }
  }

  static void flowSchema(Obj schema) {
    schema.make("spec").fill("matchingPrecedence", 1000L);
  }

  static void priorityLevel(Obj level) {
    Obj spec = level.make("spec");
    if (spec.text("type").equals("Limited")) {
      if (!spec.has("limited")) {
        return; // which is refused
      }
      Obj limited = spec.make("limited");
      limited.fill("nominalConcurrencyShares", 30L).fill("lendablePercent", 0L);
      Obj response = limited.make("limitResponse");
      response.fill("type", "Reject");
      if (response.text("type").equals("Queue")) {
        response
            .find("queuing")
            .ifPresent(
                queuing ->
                    queuing.fill("queues", 64L).fill("handSize", 8L).fill("queueLengthLimit", 50L));
      }
    } else if (spec.text("type").equals("Exempt")) {
      spec.make("exempt").fill("nominalConcurrencyShares", 0L).fill("lendablePercent", 0L);
    }
  }
}
