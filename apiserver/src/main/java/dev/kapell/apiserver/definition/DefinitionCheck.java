package dev.kapell.apiserver.definition;

import dev.kapell.apiserver.admission.Admission;
import dev.kapell.apiserver.custom.Formats;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Refuses definitions of custom resources whose versions cannot be served as written. What was
 * stored before a rule came may stay as it is ({@link Ratchet}). Thread-safe.
 */
public final class DefinitionCheck implements Admission {
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  @Override
  public void validate(Attempt attempt, Obj definition) {
    boolean written = attempt.creates(DEFINITIONS) || attempt.updates(DEFINITIONS);
    Optional<Obj> old = attempt.old().map(before -> before.child("spec"));
    Obj spec = definition.child("spec");
    if (!written || (old.isPresent() && old.get().map().equals(spec.map()))) {
      return;
    }
    List<FieldError> errors = check(spec, old);
    if (!errors.isEmpty()) {
      throw Failures.invalid(attempt.resource(), definition.child("metadata").text("name"), errors);
    }
    Set<String> formats = formats(spec);
    old.ifPresent(before -> formats.removeAll(formats(before)));
    formats.forEach(format -> attempt.warnings().add("unrecognized format \"" + format + "\""));
  }

  /** What is wrong with the versions of {@code spec}. */
  static List<FieldError> check(Obj spec, Optional<Obj> old) {
    Findings findings = versions(spec, old, EnumSet.noneOf(Ratchet.class));
    if (findings.broken().isEmpty() || old.isEmpty()) {
      return findings.list();
    }
    Set<Ratchet> forgiven =
        versions(old.get(), Optional.empty(), EnumSet.noneOf(Ratchet.class)).broken();
    return versions(spec, old, forgiven).list();
  }

  private static Findings versions(Obj spec, Optional<Obj> old, Set<Ratchet> forgiven) {
    Findings findings = new Findings(forgiven);
    for (Obj version : spec.items("versions")) {
      Optional<Obj> before =
          old.flatMap(
              o ->
                  o.items("versions").stream()
                      .filter(v -> v.text("name").equals(version.text("name")))
                      .findFirst());
      new VersionCheck(findings.errors()).check(version, before);
      Obj schema = version.child("schema").child("openAPIV3Schema");
      boolean unchanged =
          before
              .map(v -> v.child("schema").child("openAPIV3Schema").map().equals(schema.map()))
              .orElse(false);
      if (version.child("schema").has("openAPIV3Schema") && !unchanged) {
        schema(schema, version.child("subresources").has("status"), findings);
      }
    }
    return findings;
  }

  private static void schema(Obj schema, boolean status, Findings findings) {
    Errors errors = findings.errors();
    int before = findings.list().size();
    if (status) {
      RootKeywords.check(schema, errors);
    }
    if (schema.flag("nullable")) {
      errors.forbid(schema, "nullable", "nullable cannot be true at the root");
    }
    Optional<String> unsupported = Schemas.unsupported(schema);
    List<FieldError> structural = unsupported.isPresent() ? List.of() : StructuralCheck.of(schema);
    structural.forEach(errors::add);
    if (unsupported.isEmpty() && structural.isEmpty()) {
      new DefaultsCheck(findings).check(schema);
    }
    new SchemaCheck(findings).check(schema);
    boolean sound = findings.list().size() == before;
    if (sound && unsupported.isPresent()) {
      errors.invalid(schema.path(), "", unsupported.get());
    }
    new RuleDefinitions(errors).check(schema, sound && unsupported.isEmpty());
  }

  /** Formats that nobody checks. */
  private static Set<String> formats(Obj spec) {
    Set<String> formats = new TreeSet<>();
    for (Obj version : spec.items("versions")) {
      version
          .child("schema")
          .find("openAPIV3Schema")
          .ifPresent(
              schema ->
                  Schemas.visit(
                      schema,
                      each -> {
                        if (!Formats.isKnown(each.text("type"), each.text("format"))) {
                          formats.add(each.text("format"));
                        }
                      }));
    }
    formats.remove("");
    return formats;
  }
}
