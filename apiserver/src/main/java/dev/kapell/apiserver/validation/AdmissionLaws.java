package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/** Webhooks and admission policies. */
final class AdmissionLaws {
  private AdmissionLaws() {}

  static void addTo(Laws laws) {
    for (String kind : List.of("Validating", "Mutating")) {
      laws.put("admissionregistration.v1." + kind + "Webhook", AdmissionLaws::webhook);
    }
    laws.put("admissionregistration.v1.WebhookClientConfig", AdmissionLaws::client);
    laws.put("admissionregistration.v1.ServiceReference", AdmissionLaws::service);
    laws.put("admissionregistration.v1.RuleWithOperations", AdmissionLaws::rule);
    laws.put("admissionregistration.v1.NamedRuleWithOperations", AdmissionLaws::rule);
    laws.put("admissionregistration.v1.ParamRef", AdmissionLaws::parameters);
    laws.put("admissionregistration.v1.ValidatingAdmissionPolicySpec", AdmissionLaws::policy);
    laws.put(
        "admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec", AdmissionLaws::binding);
    laws.put("admissionregistration.v1.Mutation", AdmissionLaws::mutation);
  }

  private static void webhook(Obj webhook, Errors errors) {
    String name = webhook.text("name");
    if (!name.isEmpty()) {
      errors.format(webhook, "name", Format.SUBDOMAIN);
      if (name.split("\\.", -1).length < 3) {
        errors.invalid(
            webhook.at("name"),
            name,
            "should be a domain with at least three segments separated by dots");
      }
    }
    if (!webhook.texts("admissionReviewVersions").isEmpty()) {
      reviews(webhook, "admissionReviewVersions", errors);
    }
    if (!webhook.has("clientConfig")) {
      client(webhook.child("clientConfig"), errors);
    }
  }

  /** The versions of a review that a webhook takes: one that is known is among them. */
  static void reviews(Obj owner, String field, Errors errors) {
    List<String> versions = owner.texts(field);
    if (versions.isEmpty()) {
      errors.add(FieldError.required(owner.at(field), "must specify one of v1, v1beta1"));
    } else if (!versions.contains("v1") && !versions.contains("v1beta1")) {
      errors.invalid(owner.at(field), versions, "must include at least one of v1, v1beta1");
    }
  }

  /** Exactly one of a URL and a service. */
  static void client(Obj client, Errors errors) {
    if (client.has("url") == client.has("service")) {
      errors.add(FieldError.required(client.path(), "exactly one of url or service is required"));
    }
    String url = client.text("url");
    if (!url.isEmpty()) {
      url(client.at("url"), url, errors);
    }
  }

  private static void url(String path, String text, Errors errors) {
    try {
      URI url = new URI(text);
      if (!"https".equals(url.getScheme())) {
        errors.invalid(
            path,
            text,
            "'https' is the only allowed URL scheme; desired format: https://host[/path]");
      }
      if (url.getHost() == null) {
        errors.invalid(path, text, "host must be specified; desired format: https://host[/path]");
      }
      if (url.getUserInfo() != null) {
        errors.invalid(path, text, "user information is not permitted in the URL");
      }
      if (url.getFragment() != null) {
        errors.invalid(path, text, "fragments are not permitted in the URL");
      }
      if (url.getQuery() != null) {
        errors.invalid(path, text, "query parameters are not permitted in the URL");
      }
    } catch (URISyntaxException e) {
      errors.add(
          FieldError.required(
              path,
              "url must be a valid URL: "
                  + e.getReason()
                  + "; desired format: https://host[/path]"));
    }
  }

  static void service(Obj service, Errors errors) {
    String path = service.text("path");
    if (!path.isEmpty() && !path.startsWith("/")) {
      errors.invalid(service.at("path"), path, "must start with a '/'");
    } else if (path.contains("//")) {
      errors.invalid(service.at("path"), path, "segment[0] may not be empty");
    }
  }

  private static void rule(Obj rule, Errors errors) {
    for (String list : List.of("operations", "apiGroups", "apiVersions")) {
      List<String> values = rule.texts(list);
      if (values.size() > 1 && values.contains("*")) {
        errors.invalid(
            rule.at(list),
            values,
            "if '*' is present, must not specify other "
                + switch (list) {
                  case "apiGroups" -> "API groups";
                  case "apiVersions" -> "API versions";
                  default -> "operations";
                });
      }
    }
    List<String> resources = rule.texts("resources");
    if (resources.contains("*/*") && resources.size() > 1) {
      errors.invalid(
          rule.at("resources"), resources, "if '*/*' is present, must not specify other resources");
    }
  }

  private static void parameters(Obj ref, Errors errors) {
    if (ref.has("selector") == !ref.text("name").isEmpty()) {
      errors.add(
          ref.has("selector")
              ? FieldError.forbidden(ref.at("name"), "name and selector are mutually exclusive")
              : FieldError.required(ref.path(), "one of name or selector must be specified"));
    }
  }

  private static void policy(Obj spec, Errors errors) {
    if (spec.values("validations").isEmpty() && spec.values("auditAnnotations").isEmpty()) {
      String why = "validations or auditAnnotations must contain at least one item";
      errors.add(FieldError.required(spec.at("validations"), why));
      errors.add(FieldError.required(spec.at("auditAnnotations"), why));
    }
    if (spec.has("matchConstraints")
        && spec.child("matchConstraints").values("resourceRules").isEmpty()) {
      errors.add(FieldError.required(spec.at("matchConstraints") + ".resourceRules", ""));
    }
    for (Obj validation : spec.items("validations")) {
      String message = validation.text("message");
      if (message.contains("\n")) {
        errors.invalid(validation.at("message"), message, "message must not contain line breaks");
      }
    }
  }

  private static void binding(Obj spec, Errors errors) {
    List<String> actions = spec.texts("validationActions");
    if (actions.contains("Deny") && actions.contains("Warn")) {
      errors.invalid(
          spec.at("validationActions"),
          actions,
          "must not contain both Deny and Warn (repeating the same validation failure information"
              + " in the API response and headers serves no purpose)");
    }
  }

  private static void mutation(Obj mutation, Errors errors) {
    for (String kind : List.of("JSONPatch", "ApplyConfiguration")) {
      String field =
          kind.equals("JSONPatch")
              ? "jsonPatch"
              : kind.substring(0, 1).toLowerCase(Locale.ROOT) + kind.substring(1);
      boolean wanted = mutation.text("patchType").equals(kind);
      if (wanted && mutation.child(field).text("expression").isEmpty()) {
        errors.add(
            FieldError.required(
                mutation.at(field) + ".expression", field + ".expression is required"));
      } else if (!wanted && mutation.has(field)) {
        errors.invalid(
            mutation.at(field),
            mutation.get(field),
            field + " must not be specified when patchType is " + mutation.text("patchType"));
      }
    }
  }
}
