package dev.kapell.apiserver.registry;

import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;

/** Says so when an object is stored whose wishes nobody fulfils yet. */
final class NotHonoured {
  private static final Map<String, String> KINDS =
      Map.of(
          "ValidatingWebhookConfiguration", "admission webhooks are not called by this server",
          "MutatingWebhookConfiguration", "admission webhooks are not called by this server",
          "ValidatingAdmissionPolicy", "admission policies (CEL) are not evaluated by this server",
          "ValidatingAdmissionPolicyBinding",
              "admission policies (CEL) are not evaluated by this server",
          "MutatingAdmissionPolicy", "admission policies (CEL) are not evaluated by this server",
          "MutatingAdmissionPolicyBinding",
              "admission policies (CEL) are not evaluated by this server");

  private NotHonoured() {}

  static void warn(Row row, Obj object, List<String> warnings) {
    if (row.resource().group().equals("admissionregistration.k8s.io")
        && KINDS.containsKey(row.resource().kind())) {
      warnings.add(KINDS.get(row.resource().kind()) + ": the object is stored and has no effect");
    }
  }
}
