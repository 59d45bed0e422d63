package dev.kapell.apiserver.definition;

import dev.kapell.apiserver.custom.FieldPaths;
import dev.kapell.apiserver.custom.RuleTree;
import dev.kapell.apiserver.custom.StructuralSchema;
import dev.kapell.apiserver.request.FieldError;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.validation.Errors;
import dev.kapell.cel.cost.Range;
import dev.kapell.cel.type.SchemaTypes;
import dev.kapell.cel.type.ValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the {@code x-kubernetes-validations} of a schema when it is defined: whether they compile,
 * and what they can cost. Used once, by one thread.
 */
final class RuleDefinitions {
  private static final long RULE_LIMIT = 10_000_000;
  private static final long DEFINITION_LIMIT = 100_000_000;
  private static final long MAX_REQUEST_BYTES = 3L * 1024 * 1024;
  private static final int EXPENSIVE_SHOWN = 4;
  private static final Set<String> REASONS =
      Set.of(
          "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

  /**
   * A place in a schema.
   *
   * @param path of the schema, for messages
   * @param times how often values can stand here; -1 when nothing bounds it
   * @param uncorrelated the nearest list above whose items cannot be told apart; empty without
   */
  private record Place(String path, long times, String uncorrelated, boolean resource) {}

  private record Cost(String path, long cost) {}

  private final Errors errors;
  private final List<Cost> costs = new ArrayList<>();

  RuleDefinitions(Errors errors) {
    this.errors = errors;
  }

  /**
   * Reports what is wrong with the rules of a schema.
   *
   * @param sound whether the rest of the schema is, else rules are not compiled
   */
  void check(Obj schema, boolean sound) {
    if (!StructuralSchema.hasExpressions(schema.map())) {
      return;
    }
    if (!sound) {
      Schemas.visit(schema, this::forms);
      return;
    }
    String path = schema.path();
    walk(schema.map(), new Place(path, 1, "", true));
    long total = costs.stream().mapToLong(Cost::cost).reduce(0, (a, b) -> Math.max(a + b, a));
    if (total > DEFINITION_LIMIT) {
      costs.stream()
          .filter(cost -> cost.cost() >= DEFINITION_LIMIT / 100)
          .sorted(Comparator.comparingLong(Cost::cost).reversed())
          .limit(EXPENSIVE_SHOWN)
          .forEach(
              cost ->
                  errors.add(
                      FieldError.forbidden(
                          cost.path(),
                          "contributed to estimated rule cost total exceeding cost limit for"
                              + " entire OpenAPIv3 schema")));
      errors.add(
          FieldError.forbidden(
              path,
              tooExpensive(
                  "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                  total,
                  DEFINITION_LIMIT)));
    }
  }

  private void walk(Map<String, Object> schema, Place place) {
    rules(schema, place);
    boolean told = !"atomic".equals(schema.get("x-kubernetes-map-type"));
    Map<String, Object> properties = StructuralSchema.child(schema, "properties").orElse(Map.of());
    for (String field : properties.keySet()) {
      below(
          StructuralSchema.child(properties, field),
          place,
          "properties[" + field + "]",
          1,
          told || !place.uncorrelated().isEmpty() ? place.uncorrelated() : place.path());
    }
    below(
        StructuralSchema.child(schema, "additionalProperties"),
        place,
        "additionalProperties",
        schema.get("maxProperties") instanceof Long max ? Math.max(0, max) : -1,
        place.uncorrelated());
    boolean keyed = "map".equals(schema.get("x-kubernetes-list-type"));
    below(
        StructuralSchema.child(schema, "items"),
        place,
        "items",
        schema.get("maxItems") instanceof Long max ? Math.max(0, max) : -1,
        keyed || !place.uncorrelated().isEmpty() ? place.uncorrelated() : place.path());
  }

  private void below(
      Optional<Map<String, Object>> schema,
      Place place,
      String step,
      long factor,
      String uncorrelated) {
    if (schema.isPresent() && StructuralSchema.hasExpressions(schema.get())) {
      long times = place.times() < 0 || factor < 0 ? -1 : Range.product(place.times(), factor);
      walk(schema.get(), new Place(place.path() + "." + step, times, uncorrelated, false));
    }
  }

  private void rules(Map<String, Object> schema, Place place) {
    List<Map<String, Object>> rules = StructuralSchema.children(schema, "x-kubernetes-validations");
    if (rules.isEmpty()) {
      return;
    }
    int before = errors.list().size();
    forms(Obj.at(schema, place.path()));
    boolean whole =
        place.resource() || Boolean.TRUE.equals(schema.get("x-kubernetes-embedded-resource"));
    Optional<ValueType> self = SchemaTypes.of(schema, "selfType", whole);
    if (errors.list().size() > before || self.isEmpty()) {
      return;
    }
    List<RuleTree.Rule> compiled = RuleTree.rules(schema, self.get());
    long most =
        place.times() >= 0 ? place.times() : MAX_REQUEST_BYTES / (self.get().minBytes() + 1);
    for (int i = 0; i < compiled.size(); i++) {
      compiled(
          compiled.get(i),
          rules.get(i),
          place,
          place.path() + ".x-kubernetes-validations[" + i + "]",
          most);
    }
  }

  /** What is wrong before anything is compiled. */
  private void forms(Obj schema) {
    schema.items("x-kubernetes-validations").forEach(rule -> form(rule.map(), schema, rule.path()));
  }

  private void form(Map<String, Object> rule, Obj schema, String path) {
    String source = text(rule, "rule");
    String message = text(rule, "message");
    if (source.isBlank()) {
      errors.add(FieldError.required(path + ".rule", "rule is not specified"));
    } else if (rule.containsKey("message") && !message.isEmpty() && message.isBlank()) {
      errors.invalid(path + ".message", message, "must be non-empty if specified");
    } else if (breaks(message.strip())) {
      errors.invalid(path + ".message", message, "must not contain line breaks");
    } else if (breaks(source.strip()) && message.isEmpty()) {
      errors.add(
          FieldError.required(
              path + ".message", "message must be specified if rule contains line breaks"));
    }
    if (!text(rule, "messageExpression").isEmpty() && text(rule, "messageExpression").isBlank()) {
      errors.add(
          FieldError.required(
              path + ".messageExpression", "messageExpression must be non-empty if specified"));
    }
    if (rule.get("reason") instanceof String reason && !REASONS.contains(reason)) {
      errors.add(
          FieldError.notSupported(path + ".reason", reason, REASONS.stream().sorted().toList()));
    }
    String fieldPath = text(rule, "fieldPath");
    if (!fieldPath.isEmpty() && fieldPath.isBlank()) {
      errors.invalid(path + ".fieldPath", fieldPath, "must be non-empty if specified");
    } else if (breaks(fieldPath)) {
      errors.invalid(path + ".fieldPath", fieldPath, "must not contain line breaks");
    } else if (!fieldPath.isEmpty() && !FieldPaths.leads(fieldPath, schema)) {
      errors.invalid(path + ".fieldPath", fieldPath, "must be a valid path");
    }
  }

  private void compiled(
      RuleTree.Rule rule, Map<String, Object> source, Place place, String path, long most) {
    if (!rule.broken().isEmpty()) {
      errors.invalid(path + ".rule", source, rule.broken());
      return;
    }
    rule.program()
        .ifPresent(
            p -> cost(Range.product(p.maxCost(), most), "estimated rule cost", path + ".rule"));
    if (!rule.messageBroken().isEmpty()) {
      errors.invalid(path + ".messageExpression", source, rule.messageBroken());
    }
    rule.messageExpression()
        .ifPresent(
            p ->
                cost(p.maxCost(), "estimated messageExpression cost", path + ".messageExpression"));
    if (rule.transition() && !place.uncorrelated().isEmpty()) {
      errors.invalid(
          path + ".rule",
          rule.source(),
          "oldSelf cannot be used on the uncorrelatable portion of the schema within "
              + place.uncorrelated());
    } else if (!rule.transition() && source.get("optionalOldSelf") != null) {
      errors.invalid(
          path + ".optionalOldSelf",
          source.get("optionalOldSelf"),
          "may not be set if oldSelf is not used in rule");
    }
  }

  private void cost(long cost, String name, String path) {
    if (cost > RULE_LIMIT) {
      errors.add(FieldError.forbidden(path, tooExpensive(name, cost, RULE_LIMIT)));
    }
    costs.add(new Cost(path, cost));
  }

  private static boolean breaks(String text) {
    return text.contains("\n") || text.contains("\r");
  }

  private static String tooExpensive(String name, long cost, long limit) {
    double factor = (double) cost / limit;
    // Of one just above, more digits: else it would read 1.0x.
    String shown =
        factor > 100
            ? "more than 100x"
            : String.format(Locale.ROOT, factor < 1.5 ? "%fx" : "%.1fx", factor);
    return name
        + " exceeds budget by factor of "
        + shown
        + " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where"
        + " arrays, maps, and strings are declared)";
  }

  private static String text(Map<String, Object> rule, String field) {
    return rule.get(field) instanceof String text ? text : "";
  }
}
