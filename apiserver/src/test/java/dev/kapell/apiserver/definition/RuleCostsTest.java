package dev.kapell.apiserver.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.custom.RuleTree;
import dev.kapell.apiserver.custom.StructuralSchema;
import dev.kapell.cel.type.SchemaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What rules cost at most, beside what Kubernetes says, from {@code costs.txt}. */
class RuleCostsTest {
  private static final String OBJECT =
      "type: object, required: [required], properties: {required: {type: string}, optional: {type:"
          + " string}}";

  static Stream<Arguments> costs() throws IOException {
    try (InputStream in = RuleCostsTest.class.getResourceAsStream("costs.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> Arguments.of((Object[]) line.split(" \\| ", 6)))
              .toList()
              .stream();
    }
  }

  @ParameterizedTest(name = "{0} of {1}: {2}")
  @MethodSource("costs")
  void aRuleCostsWhatTheReferenceSays(
      String form, String type, String rule, String cost, String bound, String bounded) {
    check(schema(form, type, ""), rule, cost);
    check(schema(form, type, bound), rule, bounded);
  }

  private static void check(Map<String, Object> schema, String rule, String wanted) {
    if (wanted.equals("0")) {
      return;
    }
    schema.put("x-kubernetes-validations", List.of(Map.of("rule", rule)));
    RuleTree.Rule compiled =
        RuleTree.rules(schema, SchemaTypes.of(schema, "selfType", false).orElseThrow()).getFirst();
    assertThat(compiled.broken()).isEmpty();
    long cost = compiled.program().orElseThrow().maxCost();
    if (wanted.startsWith(">")) {
      assertThat(cost).isGreaterThanOrEqualTo(Long.parseLong(wanted.substring(1)));
    } else {
      assertThat(cost).isEqualTo(Long.parseLong(wanted));
    }
  }

  private static Map<String, Object> schema(String form, String type, String bound) {
    String items = bound.isEmpty() ? "" : ", maxItems: " + bound;
    String entries = bound.isEmpty() ? "" : ", maxProperties: " + bound;
    String length = bound.isEmpty() ? "" : ", maxLength: " + bound;
    String entry =
        switch (type) {
          case "object" -> OBJECT;
          case "array" -> "type: array, items: {type: number}";
          default -> "type: object, additionalProperties: {type: number}";
        };
    String yaml =
        switch (form) {
          case "array" -> "type: array, items: {" + typed(type) + "}" + items;
          case "arrays" -> "type: array, items: {type: array, items: {type: " + type + "}}" + items;
          case "objects" -> "type: array, items: {" + OBJECT + "}" + items;
          case "maps" ->
              "type: array, items: {type: object, additionalProperties: {type: "
                  + type
                  + "}}"
                  + items;
          case "map" -> "type: object, additionalProperties: {" + typed(type) + "}" + entries;
          case "map-of" -> "type: object, additionalProperties: {" + entry + "}" + entries;
          case "string" -> "type: string" + length;
          case "bytes" -> "type: string, format: byte" + length;
          case "enum" -> "type: string, enum: [" + type + "]" + length;
          case "nested" ->
              "type: object, additionalProperties: {type: string" + length + "}" + entries;
          case "deep" ->
              "type: array, items: {type: object, additionalProperties: {"
                  + OBJECT
                  + entries
                  + "}"
                  + entries
                  + "}"
                  + items;
          case "deep-one" ->
              "type: array, items: {type: object, additionalProperties: {"
                  + OBJECT
                  + "}"
                  + entries
                  + "}";
          default -> throw new IllegalArgumentException(form);
        };
    return StructuralSchema.cast(
        (Map<?, ?>) Objects.requireNonNull(Yaml.document("{" + yaml + "}")));
  }

  private static String typed(String type) {
    return switch (type) {
      case "duration", "date", "date-time" -> "type: string, format: " + type;
      case "int-or-string" -> "x-kubernetes-int-or-string: true";
      default -> "type: " + type;
    };
  }
}
