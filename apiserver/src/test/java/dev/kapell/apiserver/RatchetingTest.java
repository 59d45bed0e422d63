package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.client.ApiFailure;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A schema becomes stricter: what did not change stays, what changes has to fit. */
class RatchetingTest {
  private static final String KEYED =
      "type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], ";

  private final Api api = new Api();
  private final Api.Place definitions = api.at("apiextensions.k8s.io/v1/customresourcedefinitions");
  private final Api.Place things = api.at("example.com/v1/things");

  @AfterEach
  void close() {
    api.close();
  }

  private static String definition(String schema) {
    return DefinitionChanges.things(
        "", "properties: {v: {" + schema + "}, other: {type: integer}}");
  }

  private static Arguments row(
      String before, String after, String value, String wrong, String why) {
    return Arguments.of(before, after, value, wrong, why);
  }

  /** The schema before and after; what was stored; another value that does not fit; why. */
  static List<Arguments> stricter() {
    String text = "type: string";
    String number = "type: integer";
    String object = "type: object, properties: {x: {type: string}, y: {type: string}}";
    String list = "type: array, items: {type: string}";
    String map = "type: object, additionalProperties: {type: string";
    String keyed =
        KEYED
            + "items: {type: object, required: [k], properties: {k: {type: string}, x: {type: string";
    return List.of(
        row(
            text,
            text + ", maxLength: 3",
            "long",
            "longer",
            "Too long: may not be more than 3 bytes"),
        row(text, text + ", minLength: 3", "a", "b", "should be at least 3 chars long"),
        row(text, text + ", pattern: '^s'", "a", "b", "should match '^s'"),
        row(text, text + ", format: ipv4", "a", "b", "must be of type ipv4"),
        row(text, text + ", enum: [x, y]", "a", "b", "v: Unsupported value: \"b\""),
        row(number, number + ", minimum: 5", "1", "2", "should be greater than or equal to 5"),
        row(number, number + ", maximum: 5", "7", "8", "should be less than or equal to 5"),
        row(number, number + ", multipleOf: 2", "1", "3", "should be a multiple of 2"),
        row(number, "type: string", "1", "2", "must be of type string"),
        row(
            number,
            number + ", x-kubernetes-validations: [{rule: self > 5}]",
            "1",
            "2",
            "failed rule: self > 5"),
        row(number, number + ", not: {minimum: 1}", "1", "2", "must not validate the schema (not)"),
        row(number, number + ", anyOf: [{minimum: 5}]", "1", "2", "anyOf"),
        row(number, number + ", allOf: [{minimum: 5}]", "1", "2", "should be greater than"),
        row(object, object + ", required: [x]", "{y: a}", "{y: b}", "v.x: Required value"),
        row(
            object,
            object + ", maxProperties: 1",
            "{x: a, y: b}",
            "{x: a, y: c}",
            "must have at most 1 item"),
        row(list, list + ", maxItems: 1", "[a, b]", "[a, c]", "must have at most 1 item"),
        row(
            list,
            "type: array, items: {type: string, maxLength: 2}",
            "[long]",
            "[long, s]",
            "v[0]: "),
        row(map + "}", map + ", maxLength: 2}", "{x: long}", "{x: longer}", "v.x: "),
        row(
            keyed + "}}}",
            keyed + ", maxLength: 2}}}",
            "[{k: a, x: long}]",
            "[{k: a, x: longer}]",
            "v[0].x: "),
        row(
            keyed + "}}}",
            keyed + ", maxLength: 2}}}",
            "[{k: a, x: long}]",
            "[{k: b, x: long}]",
            "v[0].x: "));
  }

  @ParameterizedTest(name = "{0} then {1}")
  @MethodSource("stricter")
  void whatDidNotChangeMayStayAndNothingElse(
      String before, String after, String value, String wrong, String why)
      throws InterruptedException {
    served(() -> definitions.create(definition(before)));
    things.create("{metadata: {name: t}, v: " + value + "}");
    served(() -> definitions.patch("things.example.com", "merge-patch", definition(after)));
    things.patch("t", "merge-patch", "{other: 1}");
    things.update("t", things.get("t").put("other", 2L));
    refused(() -> things.patch("t", "merge-patch", "{v: " + wrong + "}"), why);
    refused(() -> things.create("{metadata: {name: new}, v: " + value + "}"), "v");
  }

  /** The same, but what changes is a part that fits. */
  static List<Arguments> neighbours() {
    String map = "type: object, additionalProperties: {type: string";
    String object = "type: object, properties: {y: {type: string}, x: {type: string";
    String keyed =
        KEYED
            + "items: {type: object, required: [k], properties: {k: {type: string}, x: {type: string";
    String list = "type: array, items: {type: string}";
    return List.of(
        Arguments.of(list, list + ", x-kubernetes-list-type: set", "[a, a]", "[a, a, b]"),
        Arguments.of(object + "}}", object + ", maxLength: 2}}", "{x: long}", "{x: long, y: a}"),
        Arguments.of(map + "}", map + ", maxLength: 2}", "{x: long}", "{x: long, y: a}"),
        Arguments.of(
            keyed + "}}}",
            keyed + ", maxLength: 2}}}",
            "[{k: a, x: long}]",
            "[{k: b, x: s}, {k: a, x: long}]"),
        Arguments.of(
            keyed + "}}}",
            keyed
                + ", x-kubernetes-validations: [{rule: self.size() < 3}], maxLength: 90}}}, maxItems: 9",
            "[{k: a, x: long}]",
            "[{k: b}, {k: a, x: long}]"));
  }

  @ParameterizedTest(name = "{0} then {1}")
  @MethodSource("neighbours")
  void whatStandsBesideMayChange(String before, String after, String value, String wanted)
      throws InterruptedException {
    served(() -> definitions.create(definition(before)));
    things.create("{metadata: {name: t}, v: " + value + "}");
    served(() -> definitions.patch("things.example.com", "merge-patch", definition(after)));
    things.patch("t", "merge-patch", "{v: " + wanted + "}");
  }

  private static void refused(Runnable write, String why) {
    assertThatThrownBy(write::run).isInstanceOf(ApiFailure.class).hasMessageContaining(why);
  }

  /** Makes a change of the definition, and waits until it is served. */
  private void served(Runnable change) throws InterruptedException {
    DefinitionChanges.served(api, "the definition", change);
  }
}
