package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a schema says of single values, in the words of kube-apiserver. */
class CustomValuesTest {
  private static final String UNCHECKED =
      "some validation rules were not checked because the object was invalid; correct the existing"
          + " errors to complete validation";

  private final Api api = new Api();
  private final Api.Place definitions = api.at("apiextensions.k8s.io/v1/customresourcedefinitions");
  private final Api.Place things = api.at("example.com/v1/things");

  @AfterEach
  void close() {
    api.close();
  }

  private static String definition(String root) {
    return DefinitionChanges.things("status: {}", root);
  }

  private void define(String root) throws InterruptedException {
    served(() -> definitions.create(definition(root)));
  }

  private void served(Runnable change) throws InterruptedException {
    DefinitionChanges.served(api, "the definition", change);
  }

  private static List<String> causes(Runnable write) {
    try {
      write.run();
    } catch (ApiFailure e) {
      return Objects.requireNonNull(e.status().details()).causes().stream()
          .map(each -> each.reason() + " " + each.field() + ": " + each.message())
          .toList();
    }
    return List.of();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "type: string, maxLength: 3 | long"
            + "| FieldValueTooLong v: Too long: may not be more than 3 bytes",
        "type: string, maxLength: 1 | ab"
            + "| FieldValueTooLong v: Too long: may not be more than 1 byte",
        "type: array, maxItems: 1, items: {type: string} | [a, b]"
            + "| FieldValueTooMany v: Too many: 2: must have at most 1 item",
        "type: object, maxProperties: 2, additionalProperties: {type: string} | {a: a, b: b, c: c}"
            + "| FieldValueTooMany v: Too many: 3: must have at most 2 items",
        "type: array, items: {type: string} | [null]"
            + "| FieldValueTypeInvalid v[0]: Invalid value: \"null\": v[0] in body must be of type"
            + " string: \"null\"",
        "type: array, x-kubernetes-list-type: set, items: {type: string} | [a, a, a]"
            + "| FieldValueDuplicate v[1]: Duplicate value: \"a\"",
        "type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object,"
            + " required: [k], properties: {k: {type: string}}} | [{k: a}, {k: b}, {k: a}]"
            + "| FieldValueDuplicate v[2]: Duplicate value: {\"k\":\"a\"}",
      })
  void aWrongValueIsNamedAsKubernetesDoes(String schema, String value, String cause)
      throws InterruptedException {
    define("properties: {v: {" + schema + "}}");
    assertThat(causes(() -> things.create("{metadata: {name: t}, v: " + value + "}")))
        .containsExactly(cause);
  }

  @Test
  void rulesRunBesideErrorsThatLeaveTypesAlone() throws InterruptedException {
    define(
        "properties: {v: {type: string, maxLength: 9, pattern: '^s', x-kubernetes-validations: [{rule: \"self != 'a'\"}]}}");
    assertThat(causes(() -> things.create("{metadata: {name: t}, v: a}")))
        .containsExactly(
            "FieldValueInvalid v: Invalid value: \"a\": v in body should match '^s'",
            "FieldValueInvalid v: Invalid value: \"a\": failed rule: self != 'a'");
    assertThat(causes(() -> things.create("{metadata: {name: t}, v: 3}")))
        .hasSize(2)
        .last()
        .isEqualTo("FieldValueInvalid <nil>: Invalid value: null: " + UNCHECKED);
  }

  @Test
  void rulesRunBesideAWrongFormatToo() throws InterruptedException {
    define(
        "properties: {a: {type: integer}, t: {type: string, format: date-time}, b: {type: string, format: byte}},"
            + " x-kubernetes-validations: [{rule: '!has(self.a) || self.a > 1'},"
            + " {rule: \"!has(self.t) || self.t > timestamp('2020-01-01T00:00:00Z')\"}]");
    assertThat(causes(() -> things.create("{metadata: {name: t}, a: 1, b: '?'}")))
        .containsExactly(
            "FieldValueInvalid b: Invalid value: \"?\": b in body must be of type byte: \"?\"",
            "FieldValueInvalid <nil>: Invalid value: failed rule: !has(self.a) || self.a > 1");
    assertThat(causes(() -> things.create("{metadata: {name: t}, a: 2, t: nope}")))
        .hasSize(2)
        .first()
        .isEqualTo(
            "FieldValueInvalid t: Invalid value: \"nope\": t in body must be of type date-time: \"nope\"");
  }

  @Test
  void nullsThatMayNotBeGo() throws InterruptedException {
    define(
        "properties: {m: {type: object, additionalProperties: {type: string}}, n: {type: object,"
            + " additionalProperties: {type: string, nullable: true}}, q: {x-kubernetes-int-or-string: true},"
            + " p: {x-kubernetes-preserve-unknown-fields: true}, l: {type: array, items: {type: string, default: x}}}");
    Obj made =
        things.create(
            "{metadata: {name: t}, m: {a: null, b: b}, n: {a: null}, q: null, p: null, l: [null]}");
    assertThat(made.child("m").map()).containsOnlyKeys("b");
    assertThat(made.child("n").map()).containsOnlyKeys("a");
    assertThat(made.has("q")).isFalse();
    assertThat(made.map()).doesNotContainKeys("q", "p");
    assertThat(made.texts("l")).containsExactly("x");
  }

  @Test
  void aStatusIsHeldAgainstItsOwnPartOfTheSchemaOnly() throws InterruptedException {
    String properties =
        "properties: {spec: {type: object}, status: {type: object, properties: {n: {type: integer}}}}";
    define(properties);
    things.create("{metadata: {name: t}}");
    served(
        () ->
            definitions.patch(
                "things.example.com",
                "merge-patch",
                definition(properties + ", required: [spec]")));
    things.sub("status").patch("t", "merge-patch", "{status: {n: 1}}");
    assertThat(things.get("t").child("status").number("n", 0)).isEqualTo(1);
    assertThatThrownBy(() -> things.sub("status").patch("t", "merge-patch", "{status: {n: a}}"))
        .hasMessageContaining("status.n in body must be of type integer");
  }

  @Test
  void whatTheSchemaNoLongerKnowsIsNotShown() throws InterruptedException {
    define(
        "properties: {spec: {type: object, properties: {a: {type: string}, b: {type: string}}}}");
    things.create("{metadata: {name: t}, spec: {a: x, b: y}}");
    served(
        () ->
            definitions.patch(
                "things.example.com",
                "json-patch",
                "[{op: remove, path: /spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/b}]"));
    Obj seen = things.get("t");
    assertThat(seen.child("spec").map()).containsOnlyKeys("a");
    assertThat(things.list().items())
        .singleElement()
        .satisfies(json -> assertThat(Api.parse(json).child("spec").has("b")).isFalse());
    assertThat(
            things
                .with("fieldValidation", "Strict")
                .update("t", seen)
                .child("metadata")
                .number("generation", 0))
        .isEqualTo(1);
  }

  @Test
  void aVersionShowsWhatItsOwnSchemaKnows() throws InterruptedException {
    served(
        () ->
            definitions.create(
                """
                metadata: {name: things.example.com}
                spec:
                  group: example.com
                  scope: Cluster
                  names: {plural: things, kind: Thing}
                  versions:
                  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {a: {type: string}, b: {type: string}}}}}
                  - {name: v1beta1, served: true, storage: false, schema: {openAPIV3Schema: {type: object, properties: {a: {type: string}}}}}
                """));
    things.create("{metadata: {name: t}, a: x, b: y}");
    Obj beta = api.at("example.com/v1beta1/things").get("t");
    assertThat(beta.has("b")).isFalse();
    api.at("example.com/v1beta1/things").with("fieldValidation", "Strict").update("t", beta);
  }

  @Test
  void metadataOfEmbeddedObjectsHasItsOwnFieldsOnly() throws InterruptedException {
    define(
        "properties: {pod: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}}");
    String body =
        "{metadata: {name: t}, pod: {apiVersion: v1, kind: Pod, metadata: {name: p, labels: {a: b}, c: 1}, d: 2}}";
    assertThat(things.raw(Verb.CREATE, "", Api.yaml(body)).warnings())
        .containsExactly("unknown field \"pod.metadata.c\"");
    Obj pod = things.get("t").child("pod");
    assertThat(pod.child("metadata").map()).containsOnlyKeys("name", "labels");
    assertThat(pod.number("d", 0)).isEqualTo(2);
  }

  @Test
  void strictCreatesNameTheKindAndAllUnknownFields() throws InterruptedException {
    define("properties: {spec: {type: object}}");
    assertThatThrownBy(
            () ->
                things
                    .with("fieldValidation", "Strict")
                    .create("{metadata: {name: t, c: 3}, spec: {a: 1}, b: 2}"))
        .hasMessage(
            "Thing in version \"v1\" cannot be handled as a Thing: strict decoding error: unknown"
                + " field \"metadata.c\", unknown field \"spec.a\", unknown field \"b\"");
  }

  @Test
  void aFinalizerWithoutAPathIsWarnedOf() throws InterruptedException {
    define("properties: {spec: {type: object}}");
    String warning =
        "metadata.finalizers: \"%s\": prefer a domain-qualified finalizer name including a path (/)"
            + " to avoid accidental conflicts with other finalizer writers";
    assertThat(
            things
                .raw(
                    Verb.CREATE,
                    "",
                    Api.yaml(
                        "{metadata: {name: t, finalizers: [b.example.com, example.com/a, orphan]}}"))
                .warnings())
        .containsExactly(warning.formatted("b.example.com"));
    Obj more = things.get("t");
    more.child("metadata")
        .put("finalizers", List.of("b.example.com", "example.com/a", "orphan", "c.example.com"));
    assertThat(
            things
                .raw(
                    Verb.UPDATE,
                    "t",
                    dev.kapell.apiserver.request.RequestBody.json(
                        dev.kapell.api.JsonCodec.writeTree(more.map())))
                .warnings())
        .containsExactly(warning.formatted("c.example.com"));
  }
}
