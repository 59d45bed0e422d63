package dev.kapell.apiserver.custom;

import dev.kapell.apiserver.tree.Obj;
import dev.kapell.cel.CompileException;
import dev.kapell.cel.Environment;
import dev.kapell.cel.Program;
import dev.kapell.cel.type.SchemaTypes;
import dev.kapell.cel.type.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code x-kubernetes-validations} of a schema, compiled, in the shape of the schema; parts
 * without rules are left out. Immutable.
 *
 * @param type of the values here, for instance {@code object}
 * @param value how expressions see them
 * @param rules of this place
 * @param properties of an object
 * @param items of a list
 * @param additional of a map
 * @param all more of the same place, from {@code allOf}
 * @param keys what identifies an item, when the list is a map
 */
public record RuleTree(
    String type,
    ValueType value,
    List<Rule> rules,
    Map<String, RuleTree> properties,
    Optional<RuleTree> items,
    Optional<RuleTree> additional,
    List<RuleTree> all,
    List<String> keys) {

  /**
   * A rule.
   *
   * @param program empty when it does not compile, then {@code broken} says why
   * @param source the rule as written
   * @param message empty: made of the rule
   * @param path relative, empty: the place of the rule
   */
  public record Rule(
      Optional<Program> program,
      String broken,
      String source,
      String message,
      Optional<Program> messageExpression,
      String messageBroken,
      String reason,
      String path,
      boolean transition,
      boolean optionalOldSelf) {

    /** How messages name the rule. */
    public String shown() {
      return message.isBlank() ? source.strip() : message.strip();
    }
  }

  /** The rules of a schema; empty when there are none. */
  public static Optional<RuleTree> of(Map<String, Object> schema) {
    return StructuralSchema.hasExpressions(schema)
        ? Optional.of(of(schema, true))
        : Optional.empty();
  }

  /** The rules of a schema; {@code resource}: it is that of whole objects. */
  public static RuleTree of(Map<String, Object> schema, boolean resource) {
    boolean whole = resource || Boolean.TRUE.equals(schema.get("x-kubernetes-embedded-resource"));
    ValueType value = SchemaTypes.of(schema, "selfType", whole).orElse(ValueType.DYN);
    Map<String, RuleTree> properties = new LinkedHashMap<>();
    Map<String, Object> fields = StructuralSchema.child(schema, "properties").orElse(Map.of());
    for (String field : fields.keySet()) {
      StructuralSchema.child(fields, field)
          .filter(StructuralSchema::hasExpressions)
          .ifPresent(property -> properties.put(field, of(property, false)));
    }
    List<String> keys = new ArrayList<>();
    if ("map".equals(schema.get("x-kubernetes-list-type"))
        && schema.get("x-kubernetes-list-map-keys") instanceof List<?> names) {
      names.forEach(name -> keys.add(String.valueOf(name)));
    }
    return new RuleTree(
        schema.get("type") instanceof String text ? text : "object",
        value,
        rules(schema, value),
        properties,
        below(schema, "items"),
        below(schema, "additionalProperties"),
        StructuralSchema.children(schema, "allOf").stream()
            .filter(StructuralSchema::hasExpressions)
            .map(each -> of(each, false))
            .toList(),
        List.copyOf(keys));
  }

  private static Optional<RuleTree> below(Map<String, Object> schema, String field) {
    return StructuralSchema.child(schema, field)
        .filter(StructuralSchema::hasExpressions)
        .map(below -> of(below, false));
  }

  /** The rules that stand at {@code schema} itself. */
  public static List<Rule> rules(Map<String, Object> schema, ValueType self) {
    List<Map<String, Object>> all = StructuralSchema.children(schema, "x-kubernetes-validations");
    if (all.isEmpty()) {
      return List.of();
    }
    Environment plain =
        Environment.builder().variable("self", self).variable("oldSelf", self).build();
    boolean optional =
        all.stream().anyMatch(rule -> Boolean.TRUE.equals(rule.get("optionalOldSelf")));
    Environment relaxed =
        optional
            ? Environment.builder().variable("self", self).optional("oldSelf", self).build()
            : plain;
    return all.stream()
        .map(
            rule ->
                rule(
                    rule,
                    FieldPaths.follow(text(rule, "fieldPath"), Obj.root(schema)).shown(),
                    Boolean.TRUE.equals(rule.get("optionalOldSelf")) ? relaxed : plain))
        .toList();
  }

  private static Rule rule(Map<String, Object> rule, String path, Environment environment) {
    Optional<Program> program = Optional.empty();
    String broken = "";
    try {
      if (!text(rule, "rule").isBlank()) {
        program = Optional.of(environment.compile(text(rule, "rule"), "bool"));
      }
    } catch (CompileException e) {
      broken =
          e.words().startsWith("must evaluate")
              ? "cel expression must evaluate to a bool"
              : "compilation failed: " + e.words();
    }
    Optional<Program> message = Optional.empty();
    String messageBroken = "";
    try {
      if (!text(rule, "messageExpression").isBlank()) {
        message = Optional.of(environment.compile(text(rule, "messageExpression"), "string"));
      }
    } catch (CompileException e) {
      messageBroken =
          e.words().startsWith("must evaluate")
              ? "messageExpression must evaluate to a string"
              : "messageExpression compilation failed: " + e.words();
    }
    return new Rule(
        program,
        broken,
        text(rule, "rule"),
        text(rule, "message"),
        message,
        messageBroken,
        text(rule, "reason"),
        path,
        program.map(p -> p.reads("oldSelf")).orElse(false),
        Boolean.TRUE.equals(rule.get("optionalOldSelf")));
  }

  private static String text(Map<String, Object> rule, String field) {
    return rule.get(field) instanceof String text ? text : "";
  }
}
