package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;

/** Who may what: roles, bindings, certificate requests. */
final class AccessLaws {
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final List<String> USAGES =
      List.of(
          "any",
          "cert sign",
          "client auth",
          "code signing",
          "content commitment",
          "crl sign",
          "data encipherment",
          "decipher only",
          "digital signature",
          "email protection",
          "encipher only",
          "ipsec end system",
          "ipsec tunnel",
          "ipsec user",
          "key agreement",
          "key encipherment",
          "microsoft sgc",
          "netscape sgc",
          "ocsp signing",
          "s/mime",
          "server auth",
          "signing",
          "timestamping");

  private AccessLaws() {}

  static void addTo(Laws laws) {
    laws.put("rbac.v1.PolicyRule", AccessLaws::rule);
    laws.put("rbac.v1.Role", AccessLaws::role);
    laws.put("rbac.v1.Subject", AccessLaws::subject);
    laws.put("rbac.v1.RoleBinding", (binding, errors) -> binding(binding, errors));
    laws.put("rbac.v1.ClusterRoleBinding", AccessLaws::clusterBinding);
    laws.put("certificates.v1.CertificateSigningRequestSpec", AccessLaws::request);
    laws.put("coordination.v1.LeaseSpec", AccessLaws::lease);
  }

  private static void rule(Obj rule, Errors errors) {
    boolean paths = !rule.values("nonResourceURLs").isEmpty();
    boolean resources =
        !rule.values("apiGroups").isEmpty()
            || !rule.values("resources").isEmpty()
            || !rule.values("resourceNames").isEmpty();
    if (paths) {
      if (resources) {
        errors.invalid(
            rule.at("nonResourceURLs"),
            rule.get("nonResourceURLs"),
            "rules cannot apply to both regular resources and non-resource URLs");
      }
      return;
    }
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

  private static void role(Obj role, Errors errors) {
    for (Obj rule : role.items("rules")) {
      if (!rule.values("nonResourceURLs").isEmpty()) {
        errors.invalid(
            rule.at("nonResourceURLs"),
            rule.get("nonResourceURLs"),
            "namespaced rules cannot apply to non-resource URLs");
      }
    }
  }

  private static void subject(Obj subject, Errors errors) {
    boolean account = subject.text("kind").equals("ServiceAccount");
    String group = subject.text("apiGroup");
    if (account && !group.isEmpty()) {
      errors.add(FieldError.notSupported(subject.at("apiGroup"), group, List.of("")));
    }
    if (!account && !group.equals(RBAC) && subject.has("kind")) {
      errors.add(FieldError.notSupported(subject.at("apiGroup"), group, List.of(RBAC)));
    }
    if (account && !subject.text("name").isEmpty()) {
      errors.format(subject, "name", Format.SUBDOMAIN);
    }
  }

  private static void binding(Obj binding, Errors errors) {
    if (!binding.has("roleRef")) {
      errors.add(FieldError.notSupported("roleRef.apiGroup", "", List.of(RBAC)));
      errors.add(FieldError.required("roleRef.name", ""));
    }
  }

  private static void clusterBinding(Obj binding, Errors errors) {
    binding(binding, errors);
    if (binding.child("roleRef").text("kind").equals("Role")) {
      errors.add(FieldError.notSupported("roleRef.kind", "Role", List.of("ClusterRole")));
    }
    for (Obj subject : binding.items("subjects")) {
      if (subject.text("kind").equals("ServiceAccount")) {
        errors.require(subject, "namespace");
      }
    }
  }

  private static void request(Obj spec, Errors errors) {
    List<String> usages = spec.texts("usages");
    for (int i = 0; i < usages.size(); i++) {
      if (!USAGES.contains(usages.get(i))) {
        errors.add(FieldError.notSupported(spec.at("usages", i), usages.get(i), USAGES));
      }
    }
  }

  private static void lease(Obj spec, Errors errors) {
    if (!spec.text("preferredHolder").isEmpty() && spec.text("strategy").isEmpty()) {
      errors.add(
          FieldError.forbidden(
              spec.at("preferredHolder"), "may only be specified if `strategy` is defined"));
    }
    if (!spec.text("strategy").isEmpty()) {
      errors.add(
          FieldError.forbidden(
              spec.at("strategy"),
              "coordinated leader election is not served by this server: leave it out"));
    }
  }
}
