package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.store.Key;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustomResourcesTest {
  private static final String NAME = "widgets.example.com";

  private static final String WIDGETS =
      """
      metadata: {name: widgets.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {plural: widgets, kind: Widget, shortNames: [w]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources:
            status: {}
            scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
          schema:
            openAPIV3Schema:
              type: object
              required: [spec]
              properties:
                spec:
                  type: object
                  required: [size]
                  properties:
                    size: {type: integer, minimum: 1, maximum: 10}
                    color: {type: string, default: red, enum: [red, blue]}
                    replicas: {type: integer}
                    free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                status:
                  type: object
                  properties:
                    replicas: {type: integer}
        - name: v1beta1
          served: true
          storage: false
          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
      """;

  private final Api api = new Api();
  private final Api.Place definitions = api.at("apiextensions.k8s.io/v1/customresourcedefinitions");
  private final Api.Place widgets = api.at("example.com/v1/widgets");

  @AfterEach
  void close() {
    api.close();
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    DefinitionChanges.await(api, condition);
  }

  private void define() throws InterruptedException {
    definitions.create(WIDGETS);
    await(
        () ->
            definitions.get(NAME).child("status").items("conditions").stream()
                .anyMatch(condition -> condition.text("type").equals("Established")));
  }

  @Test
  void aDefinedKindIsServedWithDefaultsPruningAndRules() throws InterruptedException {
    define();
    String body = "{metadata: {name: a}, spec: {size: 3, unknown: 1, free: {x: {y: 1}}}}";
    var answer = widgets.raw(Verb.CREATE, "", Api.yaml(body));
    assertThat(answer.warnings()).containsExactly("unknown field \"spec.unknown\"");
    Obj made = widgets.get("a");
    assertThat(made.child("spec").text("color")).isEqualTo("red");
    assertThat(made.child("spec").has("unknown")).isFalse();
    assertThat(made.child("spec").child("free").has("x")).isTrue();
    refused(
            422,
            "Invalid",
            () -> widgets.create("{metadata: {name: b}, spec: {size: 11, color: green}}"))
        .hasMessageContaining("spec.size in body should be less than or equal to 10")
        .hasMessageContaining("spec.color: Unsupported value: \"green\"");
    refused(422, "Invalid", () -> widgets.create("{metadata: {name: b}, spec: {size: big}}"))
        .hasMessageContaining("spec.size in body must be of type integer: \"string\"");
    refused(422, "Invalid", () -> widgets.create("{metadata: {name: b}}"))
        .hasMessageContaining("spec: Required value");
  }

  @Test
  void itsSubresourcesAndOtherVersionsWork() throws InterruptedException {
    define();
    widgets.create("{metadata: {name: a}, spec: {size: 3}}");
    widgets.sub("status").patch("a", "merge-patch", "{status: {replicas: 2}, spec: {size: 9}}");
    Obj seen = widgets.get("a");
    assertThat(seen.child("status").number("replicas", 0)).isEqualTo(2);
    assertThat(seen.child("spec").number("size", 0)).isEqualTo(3);
    widgets.sub("scale").patch("a", "merge-patch", "{spec: {replicas: 7}}");
    assertThat(widgets.get("a").child("spec").number("replicas", 0)).isEqualTo(7);
    Obj beta = api.at("example.com/v1beta1/widgets").get("a");
    assertThat(beta.text("apiVersion")).isEqualTo("example.com/v1beta1");
    refused(
        415,
        "UnsupportedMediaType",
        () -> widgets.patch("a", "strategic-merge-patch", "{spec: {size: 4}}"));
  }

  @Test
  void objectsMoveToAnotherStorageVersionAndTheFirstMayGo() throws InterruptedException {
    define();
    Api.Place beta = api.at("example.com/v1beta1/widgets");
    widgets.create("{metadata: {name: a}, spec: {size: 3}}");
    Obj moved = definitions.get(NAME);
    moved.child("spec").items("versions").get(0).put("storage", false);
    moved.child("spec").items("versions").get(1).put("storage", true);
    changed(() -> definitions.update(NAME, moved));
    assertThat(definitions.get(NAME).child("status").texts("storedVersions"))
        .containsExactly("v1", "v1beta1");
    widgets.update("a", widgets.get("a"));
    assertThat(stored("a").text("apiVersion")).isEqualTo("example.com/v1beta1");
    refused(422, "Invalid", this::removeFirstVersion)
        .hasMessageContaining(
            "status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was"
                + " previously a storage version");
    definitions.sub("status").patch(NAME, "merge-patch", "{status: {storedVersions: [v1beta1]}}");
    changed(this::removeFirstVersion);
    assertThat(beta.get("a").child("spec").number("size", 0)).isEqualTo(3);
    assertThat(api.core.pipeline().catalog().find("example.com", "v1", "widgets")).isEmpty();
  }

  private void removeFirstVersion() {
    Obj without = definitions.get(NAME);
    without.child("spec").list("versions").removeFirst();
    definitions.update(NAME, without);
  }

  private Obj stored(String name) {
    Key key = new Key("example.com/widgets", "default/" + name);
    return Api.parse(api.store.snapshot().get(key).orElseThrow().value());
  }

  /** Makes a change of the definition, and waits until it is served. */
  private void changed(Runnable change) throws InterruptedException {
    long before = api.core.pipeline().catalog().generation();
    change.run();
    await(() -> api.core.pipeline().catalog().generation() > before);
  }

  @Test
  void aDeletedDefinitionTakesItsObjectsWithIt() throws InterruptedException {
    define();
    widgets.create("{metadata: {name: a}, spec: {size: 3}}");
    definitions.delete("widgets.example.com");
    await(() -> definitions.find("widgets.example.com").isEmpty());
    await(() -> api.core.pipeline().catalog().find("example.com", "v1", "widgets").isEmpty());
    refused(404, "NotFound", () -> widgets.get("a"));
  }

  @Test
  void aWrongDefinitionIsRefused() {
    refused(
            422,
            "Invalid",
            () -> definitions.create(WIDGETS.replace("widgets.example.com", "other.example.com")))
        .hasMessageContaining("must be spec.names.plural+\".\"+spec.group");
    refused(
            422,
            "Invalid",
            () -> definitions.create(WIDGETS.replace("storage: false", "storage: true")))
        .hasMessageContaining("must have exactly one version marked as storage version");
  }
}
