package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.client.ApiFailure;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CustomExpressionsTest {
  private final Api api = new Api();
  private final Api.Place definitions = api.at("apiextensions.k8s.io/v1/customresourcedefinitions");
  private final Api.Place things = api.at("example.com/v1/things");

  @AfterEach
  void close() {
    api.close();
  }

  /** Things with this schema of {@code spec} and these rules at the root. */
  private static String definition(String spec, String rules) {
    return """
        metadata: {name: things.example.com}
        spec:
          group: example.com
          scope: Cluster
          names: {plural: things, kind: Thing}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                %s
                properties:
                  spec: %s
                  status: {type: object, properties: {count: {type: integer}}, x-kubernetes-validations: [{rule: "self.count >= 0", message: no less than none}]}
        """
        .formatted(rules.isEmpty() ? "" : "x-kubernetes-validations: " + rules, spec);
  }

  private void define(String spec, String rules) throws InterruptedException {
    served("the definition", () -> definitions.create(definition(spec, rules)));
  }

  /** Makes a change of the definition, and waits until it is served. */
  private void served(String what, Runnable change) throws InterruptedException {
    DefinitionChanges.served(api, what, change);
  }

  static List<Arguments> brokenDefinitions() {
    String at =
        "spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]";
    return List.of(
        Arguments.of(
            "{type: object, properties: {a: {type: integer}}, x-kubernetes-validations: [{rule: self.b > 1}]}",
            at + ".rule: Invalid value",
            "undefined field 'b'"),
        Arguments.of(
            "{type: object, properties: {a: {type: integer}}, x-kubernetes-validations: [{rule: self.a}]}",
            at + ".rule: Invalid value",
            "cel expression must evaluate to a bool"),
        Arguments.of(
            "{type: object, properties: {a: {type: integer}}, x-kubernetes-validations: [{rule: self.a == 'x'}]}",
            at + ".rule: Invalid value",
            "found no matching overload for '_==_'"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: ''}]}",
            at + ".rule: Required value",
            "rule is not specified"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: 'true', messageExpression: '1'}]}",
            at + ".messageExpression: Invalid value",
            "messageExpression must evaluate to a string"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: 'true', reason: Nope}]}",
            at + ".reason: Unsupported value",
            "Nope"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: 'true', fieldPath: .nope}]}",
            at + ".fieldPath: Invalid value",
            "must be a valid path"),
        brokenPath(".a[0]", "must be a valid path"),
        brokenPath(".l[0]", "must be a valid path"),
        brokenPath("a", "must be a valid path"),
        brokenPath(".", "must be a valid path"),
        brokenPath(".m.", "must be a valid path"),
        brokenPath(".m['x'", "must be a valid path"),
        brokenPath(".a.b", "must be a valid path"),
        brokenPath("  ", "must be non-empty if specified"),
        brokenPath(".a\\n", "must not contain line breaks"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: 'true', messageExpression: ' '}]}",
            at + ".messageExpression: Required value",
            "messageExpression must be non-empty if specified"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: 'true', messageExpression: self.nope}]}",
            at + ".messageExpression: Invalid value",
            "messageExpression compilation failed"),
        Arguments.of(
            "{type: object, properties: {l: {type: array, items: {type: string}}}, x-kubernetes-validations:"
                + " [{rule: 'true', messageExpression: \"self.l.all(x, self.l.all(y, x == y)) ? 'a' : 'b'\"}]}",
            at + ".messageExpression: Forbidden",
            "estimated messageExpression cost exceeds budget by factor of more than 100x"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: 'true', message: \"a\\nb\"}]}",
            at + ".message: Invalid value",
            "must not contain line breaks"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: \"true &&\\ntrue\"}]}",
            at + ".message: Required value",
            "message must be specified if rule contains line breaks"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: 'true', optionalOldSelf: true}]}",
            at + ".optionalOldSelf: Invalid value",
            "may not be set if oldSelf is not used in rule"),
        Arguments.of(
            "{type: object, x-kubernetes-validations: [{rule: \"'a'.matches('(')\"}]}",
            at + ".rule: Invalid value",
            "invalid matches argument"),
        Arguments.of(
            "{type: object, properties: {l: {type: array, items: {type: string}}}, x-kubernetes-validations:"
                + " [{rule: 'self.l.all(x, self.l.all(y, x == y))'}]}",
            at + ".rule: Forbidden",
            "estimated rule cost exceeds budget by factor of more than 100x (try simplifying"),
        Arguments.of(
            "{type: object, properties: {l: {type: array, maxItems: 10, items: {type: string, maxLength: 5,"
                + " x-kubernetes-validations: [{rule: self == oldSelf}]}}}}",
            "properties[l].items.x-kubernetes-validations[0].rule: Invalid value",
            "oldSelf cannot be used on the uncorrelatable portion of the schema within"));
  }

  private static Arguments brokenPath(String path, String why) {
    return Arguments.of(
        "{type: object, properties: {a: {type: integer}, l: {type: array, items: {type: string}}, m: {type: object,"
            + " additionalProperties: {type: string}}}, x-kubernetes-validations: [{rule: 'true', fieldPath: \""
            + path
            + "\"}]}",
        "properties[spec].x-kubernetes-validations[0].fieldPath: Invalid value",
        why);
  }

  @ParameterizedTest
  @MethodSource("brokenDefinitions")
  void aDefinitionWithABrokenRuleIsRefused(String spec, String path, String why) {
    assertThatThrownBy(() -> definitions.create(definition(spec, "")))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining(path)
        .hasMessageContaining(why);
  }

  private static Arguments row(String schema, String good, String bad, String why) {
    return Arguments.of(schema, good, bad, why);
  }

  /** What is said when {@code a} is too big, by a rule with these fields. */
  private static Arguments said(String fields, String what) {
    return row(
        "{type: object, properties: {a: {type: integer}, d.t: {type: string}, m: {type: object,"
            + " additionalProperties: {type: string}}, o: {type: object, properties: {in: {type: string}}}},"
            + " x-kubernetes-validations: [{rule: self.a < 5, "
            + fields
            + "}]}",
        "{a: 1}",
        "{a: 7, m: {x: z}}",
        what);
  }

  static List<Arguments> rules() {
    return List.of(
        row(
            "{type: object, properties: {a: {type: integer}, b: {type: integer}},"
                + " x-kubernetes-validations: [{rule: self.a <= self.b}]}",
            "{a: 1, b: 2}",
            "{a: 3, b: 2}",
            "spec: Invalid value: failed rule: self.a <= self.b"),
        row(
            "{type: object, properties: {a: {type: integer}, b: {type: integer}},"
                + " x-kubernetes-validations: [{rule: self.a <= self.b, message: a is too big, fieldPath: .a,"
                + " reason: FieldValueForbidden}]}",
            "{a: 1, b: 2}",
            "{a: 3, b: 2}",
            "spec.a: Forbidden: a is too big"),
        row(
            "{type: object, properties: {a: {type: integer}}, x-kubernetes-validations: [{rule: self.a < 5,"
                + " messageExpression: \"'a is ' + string(self.a)\"}]}",
            "{a: 1}",
            "{a: 7}",
            "spec: Invalid value: a is 7"),
        said("messageExpression: \"'  a line  '\"", "spec: Invalid value: a line"),
        said("message: m, messageExpression: \"''\"", "spec: Invalid value: m"),
        said("message: m, messageExpression: \"'a\\\\nb'\"", "spec: Invalid value: m"),
        said(
            "message: m, messageExpression: \"string(1 / (self.a - 7))\"",
            "spec: Invalid value: m"),
        said("messageExpression: \"self.m['no']\"", "spec: Invalid value: failed rule: self.a < 5"),
        said("message: m, messageExpression: \"'" + "x".repeat(5121) + "'\"", "value: m"),
        said("fieldPath: .a", "spec.a: Invalid value: failed rule"),
        said("fieldPath: .m.key", "spec.m[key]: Invalid value: failed rule"),
        said("fieldPath: \".m['x.y']\"", "spec.m[x.y]: Invalid value: failed rule"),
        said("fieldPath: \"['m']\"", "spec.m: Invalid value: failed rule"),
        said("fieldPath: \"['d.t']\"", "spec.d.t: Invalid value: failed rule"),
        said("fieldPath: .o.in, reason: FieldValueRequired", "spec.o.in: Required value: failed"),
        said("fieldPath: .a, reason: FieldValueDuplicate", "spec.a: Duplicate value: "),
        row(
            "{type: object, properties: {m: {type: object, maxProperties: 4, additionalProperties: {type: integer,"
                + " x-kubernetes-validations: [{rule: self > 0}]}}}}",
            "{m: {x: 1}}",
            "{m: {x: 1, y: 0}}",
            "spec.m[y]: Invalid value: 0: failed rule: self > 0"),
        row(
            "{type: object, properties: {l: {type: array, maxItems: 4, items: {type: string, maxLength: 9,"
                + " x-kubernetes-validations: [{rule: \"self.startsWith('a')\"}]}}}}",
            "{l: [a, ab]}",
            "{l: [a, b]}",
            "spec.l[1]: Invalid value: \\\"b\\\": failed rule: self.startsWith('a')"
                .replace("\\", "")),
        row(
            "{type: object, properties: {t: {type: string, format: date-time}, d: {type: string, format: duration}},"
                + " x-kubernetes-validations: [{rule: \"self.t + self.d > timestamp('2020-01-01T00:00:00Z')\"}]}",
            "{t: '2021-01-01T00:00:00Z', d: 1h}",
            "{t: '2019-01-01T00:00:00Z', d: 1h}",
            "spec: Invalid value: failed rule"),
        row(
            "{type: object, properties: {x-y: {type: integer}, namespace: {type: string, maxLength: 5}},"
                + " x-kubernetes-validations: [{rule: \"self.x__dash__y > 0 && self.__namespace__ != ''\"}]}",
            "{x-y: 1, namespace: a}",
            "{x-y: 0, namespace: a}",
            "spec: Invalid value: failed rule"),
        row(
            "{type: object, properties: {q: {x-kubernetes-int-or-string: true}},"
                + " x-kubernetes-validations: [{rule: \"type(self.q) == int ? self.q > 0 : self.q.endsWith('%')\"}]}",
            "{q: 50%}", "{q: 0}", "spec: Invalid value: failed rule"),
        row(
            "{type: object, properties: {n: {type: number}}, x-kubernetes-validations: [{rule: self.n < 1.5}]}",
            "{n: 1}",
            "{n: 2}",
            "spec: Invalid value: failed rule"),
        row(
            "{type: object, properties: {s: {type: array, maxItems: 5, x-kubernetes-list-type: set, items: {type: string, maxLength: 3}}},"
                + " x-kubernetes-validations: [{rule: \"self.s == ['b', 'a']\"}]}",
            "{s: [a, b]}",
            "{s: [a, c]}",
            "spec: Invalid value: failed rule"),
        row(
            "{type: object, properties: {a: {type: integer}, o: {type: object, properties: {z: {type: integer}}}},"
                + " x-kubernetes-validations: [{rule: self.o.z > 0}]}",
            "{o: {z: 1}}",
            "{a: 1}",
            "spec: Invalid value: \"object\": no such key: o evaluating rule: self.o.z > 0"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRuleDecidesWhatIsStored(String schema, String good, String bad, String why)
      throws InterruptedException {
    define(schema, "");
    things.create("{metadata: {name: good}, spec: " + good + "}");
    assertThatThrownBy(() -> things.create("{metadata: {name: bad}, spec: " + bad + "}"))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("Thing.example.com \"bad\" is invalid: ")
        .hasMessageContaining(why);
  }

  @Test
  void aRuleAtTheRootSeesTheName() throws InterruptedException {
    define("{type: object}", "[{rule: \"self.metadata.name.startsWith('x')\"}]");
    things.create("{metadata: {name: xa}}");
    assertThatThrownBy(() -> things.create("{metadata: {name: a}}"))
        .hasMessageContaining("failed rule: self.metadata.name.startsWith('x')");
  }

  @Test
  void aTransitionRuleComparesWithWhatWas() throws InterruptedException {
    define(
        "{type: object, properties: {a: {type: integer, x-kubernetes-validations: [{rule: self >= oldSelf}]},"
            + " b: {type: integer, x-kubernetes-validations: [{rule: 'oldSelf.hasValue() ? self > oldSelf.value() : self == 1',"
            + " optionalOldSelf: true}]}}}",
        "");
    assertThatThrownBy(() -> things.create("{metadata: {name: a}, spec: {b: 2}}"))
        .hasMessageContaining("spec.b: Invalid value: 2");
    things.create("{metadata: {name: a}, spec: {a: 3, b: 1}}");
    things.patch("a", "merge-patch", "{spec: {a: 4, b: 2}}");
    assertThatThrownBy(() -> things.patch("a", "merge-patch", "{spec: {a: 2}}"))
        .hasMessageContaining("spec.a: Invalid value: 2: failed rule: self >= oldSelf");
    assertThatThrownBy(() -> things.patch("a", "merge-patch", "{spec: {b: 1}}"))
        .hasMessageContaining("spec.b: Invalid value: 1");
  }

  @Test
  void whatDidNotChangeIsNotHeldAgainstAWrite() throws InterruptedException {
    define("{type: object, properties: {a: {type: string, maxLength: 9}, b: {type: integer}}}", "");
    things.create("{metadata: {name: old}, spec: {a: long, b: 1}}");
    served(
        "the stricter schema",
        () ->
            definitions.patch(
                "things.example.com",
                "json-patch",
                """
        - op: add
          path: /spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a/x-kubernetes-validations
          value: [{rule: "self == 'short'"}]
        - {op: add, path: /spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a/pattern, value: '^s'}
        """));
    things.patch("old", "merge-patch", "{spec: {b: 2}}");
    assertThatThrownBy(() -> things.patch("old", "merge-patch", "{spec: {a: other}}"))
        .hasMessageContaining("spec.a");
    things.patch("old", "merge-patch", "{spec: {a: short}}");
  }

  @Test
  void aStatusHasRulesOfItsOwn() throws InterruptedException {
    define("{type: object}", "");
    things.create("{metadata: {name: a}}");
    things.sub("status").patch("a", "merge-patch", "{status: {count: 1}}");
    assertThatThrownBy(
            () -> things.sub("status").patch("a", "merge-patch", "{status: {count: -1}}"))
        .hasMessageContaining("status: Invalid value: no less than none");
  }

  @Test
  void anExpensiveRuleIsStoppedWhileItRuns() throws InterruptedException {
    define(
        "{type: object, properties: {l: {type: array, maxItems: 1200, items: {type: integer}}},"
            + " x-kubernetes-validations: [{rule: 'self.l.all(x, self.l.all(y, x == y))'}]}",
        "");
    String many = "0, ".repeat(1100) + "0";
    assertThatThrownBy(() -> things.create("{metadata: {name: a}, spec: {l: [" + many + "]}}"))
        .hasMessageContaining("operation cancelled: actual cost limit exceeded")
        .hasMessageContaining(
            "no further validation rules will be run due to call cost exceeds limit");
  }
}
