package dev.kapell.apiserver.validation;

import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** CustomResourceDefinitions. */
final class DefinitionRules {
  private DefinitionRules() {}

  static void addTo(Map<String, Rules> rows) {
    Rules definition = DefinitionRules::definition;
    rows.put(
        "customresourcedefinitions.apiextensions.k8s.io",
        definition
            .onChange(
                (next, old, errors) -> {
                  Obj spec = next.child("spec");
                  Obj before = old.child("spec");
                  errors.immutable(spec, before, "group");
                  errors.immutable(spec.child("names"), before.child("names"), "plural");
                  if (isEstablished(old)) {
                    errors.immutable(spec, before, "scope");
                    errors.immutable(spec.child("names"), before.child("names"), "kind");
                  }
                  approval(next, Optional.of(old), errors);
                })
            .onStatus(
                (next, old, errors) ->
                    nameForms(next.child("status").child("acceptedNames"), errors)));
  }

  private static boolean isEstablished(Obj definition) {
    return definition.child("status").items("conditions").stream()
        .anyMatch(c -> c.text("type").equals("Established") && c.text("status").equals("True"));
  }

  private static void definition(Obj definition, Errors errors) {
    Obj spec = definition.child("spec");
    Obj names = spec.child("names");
    if (errors.require(spec, "group")) {
      String group = spec.text("group");
      errors.format(spec, "group", Format.SUBDOMAIN);
      if (!group.contains(".")) {
        errors.invalid("spec.group", group, "should be a domain with at least one dot");
      }
    }
    errors.requireOneOf(spec, "scope", List.of("Cluster", "Namespaced"));
    for (String field : List.of("plural", "singular", "kind", "listKind")) {
      errors.require(names, field);
    }
    nameForms(names, errors);
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
    if (!definition.child("metadata").has("resourceVersion")) {
      approval(definition, Optional.empty(), errors);
    }
  }

  /** How names have to look, those asked for and those accepted. */
  private static void nameForms(Obj names, Errors errors) {
    for (String field : List.of("plural", "singular")) {
      if (!names.text(field).isEmpty()) {
        errors.format(names, field, Format.SERVICE_NAME);
      }
    }
    for (String field : List.of("kind", "listKind")) {
      String name = names.text(field);
      if (!name.isEmpty()) {
        Format.SERVICE_NAME
            .problem(name.toLowerCase(Locale.ROOT))
            .ifPresent(
                problem ->
                    errors.invalid(
                        names.at(field),
                        name,
                        "may have mixed case, but should otherwise match: " + problem));
      }
    }
    for (String field : List.of("shortNames", "categories")) {
      List<String> each = names.texts(field);
      for (int i = 0; i < each.size(); i++) {
        errors.format(names.at(field, i), each.get(i), Format.SERVICE_NAME);
      }
    }
    if (!names.text("kind").isEmpty() && names.text("kind").equals(names.text("listKind"))) {
      errors.invalid(
          names.at("listKind"), names.text("listKind"), "kind and listKind may not be the same");
    }
  }

  /** Groups of the Kubernetes project itself are not for everybody. */
  private static void approval(Obj definition, Optional<Obj> old, Errors errors) {
    Optional<ApiApproval> approval = ApiApproval.of(definition);
    boolean same =
        old.flatMap(ApiApproval::of)
            .flatMap(before -> approval.map(now -> now.state() == before.state()))
            .orElse(false);
    if (approval.isPresent() && !same) {
      String path = "metadata.annotations[" + ApiApproval.ANNOTATION + "]";
      switch (approval.get().state()) {
        case MISSING -> errors.add(FieldError.required(path, approval.get().reason()));
        case INVALID -> errors.invalid(path, approval.get().annotation(), approval.get().reason());
        case APPROVED, BYPASSED -> {}
      }
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
      Obj client =
          Obj.at(
              conversion.child("webhook").child("clientConfig").map(),
              conversion.at("webhookClientConfig"));
      AdmissionLaws.client(client, errors);
      client.find("service").ifPresent(service -> service(service, errors));
      reviews(conversion, errors);
    } else {
      errors.forbid(conversion, "webhook", "should not be set when strategy is not set to Webhook");
    }
  }

  private static void reviews(Obj conversion, Errors errors) {
    List<String> versions = conversion.child("webhook").texts("conversionReviewVersions");
    String path = conversion.at("conversionReviewVersions");
    if (versions.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    for (int i = 0; i < versions.size(); i++) {
      String at = path + "[" + i + "]";
      if (versions.indexOf(versions.get(i)) < i) {
        errors.invalid(at, versions.get(i), "duplicate version");
      } else {
        errors.format(at, versions.get(i), Format.SERVICE_NAME);
      }
    }
    if (!versions.contains("v1") && !versions.contains("v1beta1")) {
      errors.invalid(path, versions, "must include at least one of v1, v1beta1");
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
    List<Obj> versions = definition.child("spec").items("versions");
    List<String> known = versions.stream().map(v -> v.text("name")).toList();
    Obj status = definition.child("status");
    List<String> stored = status.texts("storedVersions");
    if (stored.isEmpty()) {
      errors.invalid(status.at("storedVersions"), stored, "must have at least one stored version");
      return;
    }
    for (Obj version : versions) {
      if (version.flag("storage") && !stored.contains(version.text("name"))) {
        errors.invalid(
            status.at("storedVersions"),
            stored,
            "must have the storage version " + version.text("name"));
      }
    }
    for (int i = 0; i < stored.size(); i++) {
      String version = stored.get(i);
      if (!known.contains(version)) {
        errors.invalid(
            status.at("storedVersions", i),
            version,
            "missing from spec.versions; "
                + version
                + " was previously a storage version, and must remain in spec.versions until a"
                + " storage migration ensures no data remains persisted in "
                + version
                + " and removes "
                + version
                + " from status.storedVersions");
      }
    }
  }

  private static void versions(Obj spec, Errors errors) {
    List<Obj> versions = spec.items("versions");
    List<String> names = versions.stream().map(version -> version.text("name")).toList();
    if (names.stream().distinct().count() != names.size()) {
      errors.invalid("spec.versions", names, "must contain unique version names");
    }
    if (versions.stream().filter(version -> version.flag("storage")).count() != 1) {
      errors.invalid(
          "spec.versions", names, "must have exactly one version marked as storage version");
    }
    for (Obj version : versions) {
      errors.format(version.at("name"), version.text("name"), Format.SERVICE_NAME);
      Obj schema = version.child("schema");
      if (!schema.has("openAPIV3Schema")) {
        errors.add(FieldError.required(schema.at("openAPIV3Schema"), ""));
      }
    }
  }
}
