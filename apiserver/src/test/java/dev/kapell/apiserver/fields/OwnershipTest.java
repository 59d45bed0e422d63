package dev.kapell.apiserver.fields;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.tree.Obj;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnershipTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** A custom kind with every sort of list and map. */
  private static final Shape WIDGET =
      DefinitionShape.of(
          tree(
              """
              {type: object, properties: {spec: {type: object, properties: {
                size: {type: integer},
                labels: {type: object, additionalProperties: {type: string}},
                whole: {type: object, x-kubernetes-map-type: atomic, properties: {a: {type: string}}},
                free: {type: object, x-kubernetes-preserve-unknown-fields: true},
                list: {type: array, items: {type: string}},
                tags: {type: array, x-kubernetes-list-type: set, items: {type: string}},
                parts: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name, kind],
                  items: {type: object, properties: {name: {type: string}, weight: {type: integer},
                    kind: {type: string, default: plain}}}}}}}}
              """),
          Shape.Free.FREE);

  private static final Versions ONE_VERSION =
      new Versions() {
        @Override
        public Map<String, Object> empty() {
          return Map.of();
        }

        @Override
        public Optional<Shape> shape(String apiVersion) {
          return apiVersion.equals("example.com/v1") ? Optional.of(WIDGET) : Optional.empty();
        }

        @Override
        public Map<String, Object> convert(Map<String, Object> object, String apiVersion) {
          return object;
        }
      };

  private final Ownership ownership =
      new Ownership("example.com/v1", Part.without("status"), ONE_VERSION, new KnownFields(), NOW);
  private Obj object = Obj.root(new LinkedHashMap<>());

  @SuppressWarnings("unchecked") // the text is an object
  private static Map<String, Object> tree(String flow) {
    return (Map<String, Object>) Objects.requireNonNull(Yaml.document(flow));
  }

  private List<Conflict> apply(String manager, boolean force, String spec) {
    Obj stated = Obj.root(tree("{apiVersion: example.com/v1, kind: Widget, spec: " + spec + "}"));
    var applied = ownership.apply(object, stated, Manager.applier(manager, ""), force);
    if (applied.conflicts().isEmpty()) {
      object = applied.object();
    }
    return applied.conflicts();
  }

  private void update(String manager, String spec) {
    Obj next = Obj.root(tree("{apiVersion: example.com/v1, kind: Widget, spec: " + spec + "}"));
    List<Object> entries =
        ownership.updated(object, next, Manager.updater(manager, "example.com/v1", ""));
    next.make("metadata").put("managedFields", entries);
    object = next;
  }

  private String spec() {
    return json(object.child("spec").map());
  }

  private String owned(String manager) {
    for (Obj entry : object.child("metadata").items("managedFields")) {
      if (entry.text("manager").equals(manager)) {
        return json(entry.child("fieldsV1").child("f:spec").map());
      }
    }
    return "nothing";
  }

  private static String json(Map<String, Object> map) {
    return new String(JsonCodec.writeTree(map), StandardCharsets.UTF_8).replace('"', '\'');
  }

  @Test
  void elementsOfAKeyedListHaveOwnersOfTheirOwn() {
    apply("one", false, "{parts: [{name: a, weight: 1}]}");
    assertThat(apply("two", false, "{parts: [{name: b}, {name: a, kind: other}]}")).isEmpty();
    assertThat(spec())
        .isEqualTo("{'parts':[{'name':'a','weight':1},{'name':'b'},{'name':'a','kind':'other'}]}");
    assertThat(owned("one"))
        .isEqualTo(
            "{'f:parts':{'k:{\\'kind\\':\\'plain\\',\\'name\\':\\'a\\'}':"
                + "{'.':{},'f:name':{},'f:weight':{}}}}");
    apply("two", false, "{parts: [{name: b}]}");
    assertThat(spec()).isEqualTo("{'parts':[{'name':'a','weight':1},{'name':'b'}]}");
  }

  @Test
  void aKeyedListThatBothStateComesInTheNewOrder() {
    apply("one", false, "{parts: [{name: a}, {name: b}, {name: c}]}");
    update("two", "{parts: [{name: x}, {name: a}, {name: b}, {name: c}]}");
    apply("one", false, "{parts: [{name: c}, {name: a}, {name: b}]}");
    assertThat(spec()).isEqualTo("{'parts':[{'name':'x'},{'name':'c'},{'name':'a'},{'name':'b'}]}");
  }

  @Test
  void membersOfASetHaveOwnersOfTheirOwn() {
    apply("one", false, "{tags: [a, b]}");
    apply("two", false, "{tags: [b, c]}");
    assertThat(spec()).isEqualTo("{'tags':['a','b','c']}");
    apply("one", false, "{tags: [a]}");
    assertThat(spec()).isEqualTo("{'tags':['a','b','c']}");
    apply("two", false, "{tags: [c]}");
    assertThat(spec()).isEqualTo("{'tags':['a','c']}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {list: [a]}    | {list: [b]}    | .spec.list
          {whole: {a: x}}| {whole: {b: y}}| .spec.whole
          {size: 1}      | {size: 2}      | .spec.size
          {labels: {a: x}}| {labels: {a: y}}| .spec.labels.a
          {free: {a: {b: 1}}}| {free: {a: {b: 2}}}| .spec.free.a.b
          {parts: [{name: a, weight: 1}]}| {parts: [{name: a, weight: 2}]}| .spec.parts[kind="plain",name="a"].weight
          """)
  void anotherValueOfAnOwnedFieldIsAConflict(String first, String second, String field) {
    apply("one", false, first);
    assertThat(apply("two", false, second))
        .singleElement()
        .satisfies(
            conflict -> {
              assertThat(conflict.field()).isEqualTo(field);
              assertThat(conflict.message()).isEqualTo("conflict with \"one\"");
            });
    assertThat(apply("two", true, second)).isEmpty();
    assertThat(apply("two", false, second)).isEmpty();
  }

  @Test
  void whatIsStatedNoMoreGoesUnlessSomebodyElseOwnsIt() {
    apply("one", false, "{size: 1, labels: {a: x, b: x}}");
    apply("two", false, "{labels: {b: x}}");
    apply("one", false, "{}");
    assertThat(spec()).isEqualTo("{'labels':{'b':'x'}}");
    assertThat(owned("two")).isEqualTo("{'f:labels':{'f:b':{}}}");
  }

  @Test
  void fieldsOfBeforeTheFirstApplyBelongToNobodyInParticular() {
    object = Obj.root(tree("{apiVersion: example.com/v1, kind: Widget, spec: {size: 1}}"));
    assertThat(apply("one", false, "{size: 2}"))
        .extracting(Conflict::message)
        .containsExactly("conflict with \"before-first-apply\" using example.com/v1");
  }

  @Test
  void theEleventhUpdaterBuriesTheOldest() {
    object = Obj.root(tree("{apiVersion: example.com/v1, kind: Widget, metadata: {}}"));
    Map<String, Object> labels = new LinkedHashMap<>();
    apply("start", false, "{size: 1}");
    for (int i = 0; i < 12; i++) {
      labels.put("l" + i, "x");
      update("updater" + i, "{size: 1, labels: " + json(labels) + "}");
    }
    assertThat(object.child("metadata").items("managedFields"))
        .filteredOn(entry -> entry.text("operation").equals("Update"))
        .hasSize(10)
        .anyMatch(entry -> entry.text("manager").equals("ancient-changes"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {nothing: 1}                       | .spec.nothing: field not declared in schema
          {size: big}                        | .spec.size: expected numeric (int or float), got string "big"
          {labels: [a]}                      | .spec.labels: expected map, got list
          {tags: [a, a]}                     | .spec.tags: duplicate entries for key [="a"]
          {parts: [{name: a}, {name: a}]}    | .spec.parts: duplicate entries for key [kind="plain",name="a"]
          {parts: {a: b}}                    | .spec.parts: expected list, got map
          """)
  void whatDoesNotFitIsNamed(String spec, String error) {
    Obj stated = Obj.root(tree("{apiVersion: example.com/v1, kind: Widget, spec: " + spec + "}"));
    assertThat(ownership.errors(stated)).containsExactly(error);
  }
}
