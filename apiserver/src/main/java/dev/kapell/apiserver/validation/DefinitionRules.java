package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Map;

/** CustomResourceDefinitions. */
final class DefinitionRules {
  private DefinitionRules() {}

  static void addTo(Map<String, Rules> rows) {
    Rules definition = DefinitionRules::definition;
    rows.put(
        "customresourcedefinitions.apiextensions.k8s.io",
        definition.onChange(
            (next, old, errors) -> {
              Obj spec = next.child("spec");
              Obj before = old.child("spec");
              errors.immutable(spec, before, "group");
              errors.immutable(spec, before, "scope");
              errors.immutable(spec.child("names"), before.child("names"), "plural");
              errors.immutable(spec.child("names"), before.child("names"), "kind");
            }));
  }

  private static void definition(Obj definition, Errors errors) {
    Obj spec = definition.child("spec");
    Obj names = spec.child("names");
    if (errors.require(spec, "group") && !spec.text("group").contains(".")) {
      errors.invalid("spec.group", spec.text("group"), "should be a domain with at least one dot");
    }
    errors.requireOneOf(spec, "scope", List.of("Cluster", "Namespaced"));
    errors.require(names, "plural");
    errors.require(names, "kind");
    String name = definition.child("metadata").text("name");
    String wanted = names.text("plural") + "." + spec.text("group");
    if (!name.equals(wanted)) {
      errors.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
    }
    versions(spec, errors);
    conversion(spec.child("conversion"), errors);
    storedVersions(definition, errors);
    if (spec.flag("preserveUnknownFields")) {
      errors.invalid(
          "spec.preserveUnknownFields",
          true,
          "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
              + " spec.versions[*].schema instead");
    }
  }

  private static void conversion(Obj conversion, Errors errors) {
    errors.requireOneOf(conversion, "strategy", List.of("None", "Webhook"));
    boolean webhook = conversion.text("strategy").equals("Webhook");
    if (webhook && !conversion.child("webhook").has("clientConfig")) {
      errors.add(
          FieldError.required(
              conversion.at("webhookClientConfig"), "required when strategy is set to Webhook"));
    } else if (webhook) {
      Obj client = conversion.child("webhook").child("clientConfig");
      AdmissionLaws.client(client, errors);
      client.find("service").ifPresent(service -> service(service, errors));
      AdmissionLaws.reviews(conversion.child("webhook"), "conversionReviewVersions", errors);
    } else {
      errors.forbid(conversion, "webhook", "should not be set when strategy is not set to Webhook");
    }
  }

  private static void service(Obj service, Errors errors) {
    errors.require(service, "name");
    errors.require(service, "namespace");
    errors.port(service, "port");
    AdmissionLaws.service(service, errors);
  }

  /** Objects may still be stored in a version for as long as the status lists it. */
  private static void storedVersions(Obj definition, Errors errors) {
    List<String> known =
        definition.child("spec").items("versions").stream().map(v -> v.text("name")).toList();
    Obj status = definition.child("status");
    List<String> stored = status.texts("storedVersions");
    for (int i = 0; i < stored.size(); i++) {
      if (!known.contains(stored.get(i))) {
        errors.invalid(
            status.at("storedVersions", i), stored.get(i), "must appear in spec.versions");
      }
    }
  }

  private static void versions(Obj spec, Errors errors) {
    errors.unique(spec, "versions", "name");
    if (!errors.require(spec, "versions")) {
      return;
    }
    List<Obj> versions = spec.items("versions");
    if (versions.stream().filter(version -> version.flag("storage")).count() != 1) {
      errors.invalid(
          "spec.versions",
          versions.stream().map(version -> version.text("name")).toList(),
          "must have exactly one version marked as storage version");
    }
    for (Obj version : versions) {
      if (errors.require(version, "name")) {
        errors.format(version, "name", Format.SERVICE_NAME);
      }
      Obj schema = version.child("schema").child("openAPIV3Schema");
      if (!version.child("schema").has("openAPIV3Schema")) {
        errors.add(FieldError.required(schema.path(), "schemas are required"));
      } else if (!schema.text("type").equals("object")) {
        errors.invalid(schema.at("type"), schema.text("type"), "must be object at the root");
      }
    }
  }
}
