package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.Map;

/** APIServices: groups and versions, and who serves them. */
final class ApiServiceRules {
  private static final int HIGHEST_GROUP = 20_000;
  private static final int HIGHEST_VERSION = 1000;

  private ApiServiceRules() {}

  static void addTo(Map<String, Rules> rows) {
    rows.put("apiservices.apiregistration.k8s.io", ApiServiceRules::check);
  }

  private static void check(Obj apiService, Errors errors) {
    Obj spec = apiService.child("spec");
    String name = apiService.child("metadata").text("name");
    String wanted = spec.text("version") + "." + spec.text("group");
    if (!name.equals(wanted)) {
      errors.invalid(
          "metadata.name", name, "must be `spec.version+\".\"+spec.group`: \"" + wanted + "\"");
    }
    if (spec.text("group").isEmpty() && !spec.text("version").equals("v1")) {
      errors.add(
          FieldError.required(
              "spec.group", "only v1 may have an empty group and it better be legacy kube"));
    }
    if (!spec.text("group").isEmpty()) {
      errors.format(spec, "group", Format.SUBDOMAIN);
    }
    if (errors.require(spec, "version")) {
      errors.format(spec, "version", Format.SERVICE_NAME);
    }
    range(spec, "groupPriorityMinimum", HIGHEST_GROUP, errors);
    range(spec, "versionPriority", HIGHEST_VERSION, errors);
    boolean bundle = !spec.text("caBundle").isEmpty();
    if (!spec.has("service")) {
      if (bundle) {
        errors.invalid("spec.caBundle", "<omitted>", "local APIServices may not have a caBundle");
      }
      if (spec.flag("insecureSkipTLSVerify")) {
        errors.invalid(
            "spec.insecureSkipTLSVerify",
            true,
            "local APIServices may not have insecureSkipTLSVerify");
      }
      return;
    }
    Obj service = spec.child("service");
    errors.require(service, "namespace");
    errors.require(service, "name");
    errors.port(service, "port");
    if (bundle && spec.flag("insecureSkipTLSVerify")) {
      errors.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present");
    }
  }

  private static void range(Obj spec, String field, int highest, Errors errors) {
    long value = spec.number(field, 0);
    if (value <= 0 || value > highest) {
      errors.invalid(spec.at(field), value, "must be positive and less than " + highest);
    }
  }
}
