package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.registry.Conversion;
import dev.kapell.apiserver.registry.Preparation;
import dev.kapell.apiserver.registry.Row;
import dev.kapell.apiserver.registry.Strategy;
import dev.kapell.apiserver.registry.Strategy.ScalePaths;
import dev.kapell.apiserver.registry.Strategy.Trait;
import dev.kapell.apiserver.request.Failures;
import dev.kapell.apiserver.request.Resource;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Format;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A CustomResourceDefinition as rows of the registry: one for each served version. */
record Definition(Obj tree) {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> WRITE = List.of("get", "patch", "update");

  String name() {
    return tree.child("metadata").text("name");
  }

  private Obj spec() {
    return tree.child("spec");
  }

  Obj names() {
    return spec().child("names");
  }

  String group() {
    return spec().text("group");
  }

  String plural() {
    return names().text("plural");
  }

  String table() {
    return Row.table(group(), plural());
  }

  /** The table of the definition with this name, {@code plural.group}. */
  static String table(String name) {
    int dot = name.indexOf('.');
    return Row.table(name.substring(dot + 1), name.substring(0, dot));
  }

  boolean isEstablished() {
    return tree.child("status").items("conditions").stream()
        .anyMatch(
            each -> each.text("type").equals("Established") && each.text("status").equals("True"));
  }

  boolean isTerminating() {
    return tree.child("metadata").has("deletionTimestamp");
  }

  boolean isNamespaced() {
    return spec().text("scope").equals("Namespaced");
  }

  /** The version in which objects are stored. */
  String storageVersion() {
    return spec().items("versions").stream()
        .filter(version -> version.flag("storage"))
        .map(version -> version.text("name"))
        .findFirst()
        .orElse("");
  }

  Obj conversion() {
    return spec().child("conversion");
  }

  /** What is served, by the names that were accepted. */
  List<Row> rows(Obj accepted, VersionConverter converter) {
    List<Row> rows = new ArrayList<>();
    for (Obj version : spec().items("versions")) {
      if (version.flag("served")) {
        rows.add(row(version, accepted, converter));
      }
    }
    return rows;
  }

  private static StructuralSchema schema(Obj version) {
    return version
        .child("schema")
        .find("openAPIV3Schema")
        .map(found -> new StructuralSchema(found.map()))
        .orElseGet(StructuralSchema::open);
  }

  private Row row(Obj version, Obj accepted, VersionConverter converter) {
    StructuralSchema schema = schema(version);
    return new Row(
        resource(version, accepted, schema),
        table(),
        new CustomForm(accepted.text("kind"), version.text("name"), schema),
        conversion(version, schema, converter),
        strategy(version, schema));
  }

  private Conversion conversion(Obj version, StructuralSchema schema, VersionConverter converter) {
    boolean alone = spec().items("versions").size() == 1;
    boolean unchanged = tree.child("metadata").number("generation", 1) == 1;
    if (alone && unchanged && !schema.hasDefaults()) {
      return Conversion.NONE; // all objects were pruned by this schema
    }
    return new CustomConversion(
        group() + "/" + version.text("name"), group() + "/" + storageVersion(), schema, converter);
  }

  private Strategy strategy(Obj version, StructuralSchema schema) {
    Obj subresources = version.child("subresources");
    Set<Trait> traits = EnumSet.of(Trait.GENERATION, Trait.NEEDS_REVISION);
    boolean terminating = isTerminating();
    boolean status = subresources.has("status");
    if (status) {
      traits.add(Trait.STATUS);
    }
    Preparation preparation =
        new Preparation() {
          @Override
          public void create(Obj object) {
            if (terminating) {
              throw Failures.methodNotAllowed(
                  "create not allowed while custom resource definition is terminating");
            }
            if (status) {
              object.drop("status");
            }
          }
        };
    return new Strategy(
        object -> schema.fill(object.map()),
        new SchemaRules(schema),
        Format.SUBDOMAIN,
        preparation,
        version.items("selectableFields").stream()
            .map(field -> undotted(field.text("jsonPath")))
            .collect(Collectors.toUnmodifiableSet()),
        traits,
        scale(subresources));
  }

  private static Optional<ScalePaths> scale(Obj subresources) {
    return subresources
        .find("scale")
        .map(
            scale ->
                new ScalePaths(
                    undotted(scale.text("specReplicasPath")),
                    undotted(scale.text("statusReplicasPath")),
                    undotted(scale.text("labelSelectorPath"))));
  }

  private static String undotted(String path) {
    return path.startsWith(".") ? path.substring(1) : path;
  }

  private Resource resource(Obj version, Obj accepted, StructuralSchema schema) {
    List<Resource.Subresource> subresources = new ArrayList<>();
    if (version.child("subresources").has("status")) {
      subresources.add(new Resource.Subresource("status", "", accepted.text("kind"), WRITE));
    }
    if (version.child("subresources").has("scale")) {
      subresources.add(new Resource.Subresource("scale", "autoscaling/v1", "Scale", WRITE));
    }
    List<Map<String, Object>> columns =
        version.items("additionalPrinterColumns").stream().map(Obj::map).toList();
    return new Resource(
        group(),
        version.text("name"),
        accepted.text("kind"),
        plural(),
        accepted.text("singular"),
        isNamespaced(),
        accepted.texts("shortNames"),
        accepted.texts("categories"),
        VERBS,
        subresources,
        Optional.empty(),
        new Resource.Custom(schema.tree(), columns, accepted.text("listKind")));
  }
}
