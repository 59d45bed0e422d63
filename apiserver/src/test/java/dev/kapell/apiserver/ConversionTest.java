package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.JsonCodec;
import dev.kapell.apiserver.request.WatchStream;
import dev.kapell.apiserver.request.WatchStream.Frame;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.apiserver.tree.Trees;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Custom kinds whose versions a webhook converts, over real HTTPS. */
class ConversionTest {
  @TempDir static Path keys;

  private final Api api = new Api();
  private final Api.Place definitions = api.at("apiextensions.k8s.io/v1/customresourcedefinitions");
  private final Api.Place first = api.at("example.com/v1/boxes");
  private final Api.Place second = api.at("example.com/v2/boxes");
  private OutsideServer server;

  @BeforeEach
  void serve() throws IOException, InterruptedException {
    server = new OutsideServer(keys).on("/convert", review -> answer(review, this::converted));
    definitions.create(definition("v1"));
    DefinitionChanges.await(
        api, () -> api.core.pipeline().catalog().find("example.com", "v1", "boxes").isPresent());
  }

  @AfterEach
  void close() {
    server.close();
    api.close();
  }

  private String definition(String storage) {
    return """
    metadata: {name: boxes.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {plural: boxes, kind: Box}
      conversion:
        strategy: Webhook
        webhook: {conversionReviewVersions: [v1], clientConfig: %s}
      versions:
      - name: v1
        served: true
        storage: %s
        schema:
          openAPIV3Schema:
            type: object
            properties: {spec: {type: object, required: [size], properties: {size: {type: integer, maximum: 9}}}}
      - name: v2
        served: true
        storage: %s
        subresources: {status: {}}
        schema:
          openAPIV3Schema:
            type: object
            properties:
              spec: {type: object, required: [width], properties: {width: {type: integer}, unit: {type: string, default: cm}}}
              status: {type: object, properties: {full: {type: boolean}}}
    """
        .formatted(server.client("/convert"), storage.equals("v1"), storage.equals("v2"));
  }

  private interface Converter {
    Obj convert(Obj object, String apiVersion);
  }

  private static Obj answer(Obj review, Converter converter) {
    Obj request = review.child("request");
    List<Object> converted = new ArrayList<>();
    request
        .items("objects")
        .forEach(
            object ->
                converted.add(
                    converter
                        .convert(
                            Obj.root(Trees.copy(object.map())), request.text("desiredAPIVersion"))
                        .map()));
    Obj response =
        Obj.root(
            Obj.tree(
                "uid",
                request.text("uid"),
                "convertedObjects",
                converted,
                "result",
                Obj.tree("status", "Success")));
    return Obj.root(
        Obj.tree(
            "apiVersion",
            review.text("apiVersion"),
            "kind",
            "ConversionReview",
            "response",
            response.map()));
  }

  private Obj converted(Obj box, String apiVersion) {
    boolean forward = apiVersion.endsWith("v2");
    Obj spec = box.child("spec");
    if (spec.has(forward ? "size" : "width")) {
      spec.put(forward ? "width" : "size", spec.number(forward ? "size" : "width", 0));
    }
    spec.drop(forward ? "size" : "width").drop("unit");
    box.make("metadata").make("labels").put("from", box.text("apiVersion").replace('/', '.'));
    box.child("metadata").put("generation", 99L);
    return box.put("apiVersion", apiVersion);
  }

  private Obj stored(String name) {
    return Api.parse(
        api.store
            .snapshot()
            .get(new Key("example.com/boxes", "default/" + name))
            .orElseThrow()
            .value());
  }

  @Test
  void eachVersionIsCheckedByItsOwnSchemaAndStoredInOne() {
    Obj made = second.create("{metadata: {name: b}, spec: {width: 4, nonsense: 1}}");
    assertThat(made.child("spec").map()).containsOnlyKeys("width", "unit");
    assertThat(stored("b").text("apiVersion")).isEqualTo("example.com/v1");
    assertThat(stored("b").child("spec").map()).containsEntry("size", 4L);
    assertThat(first.get("b").child("spec").map()).containsEntry("size", 4L);
    Obj metadata = second.get("b").child("metadata");
    assertThat(metadata.strings("labels")).as("a hook may change labels").containsKey("from");
    assertThat(metadata.number("generation", 0)).as("and nothing else").isEqualTo(1);
    assertThatThrownBy(() -> first.create("{metadata: {name: c}, spec: {size: 10}}"))
        .hasMessageContaining("should be less than or equal to 9");
    assertThatThrownBy(() -> second.create("{metadata: {name: c}, spec: {size: 1}}"))
        .hasMessageContaining("spec.width: Required value");
  }

  @Test
  void aListIsConvertedAtOnceAndOnlyWhereItHasTo() {
    first.create("{metadata: {name: a}, spec: {size: 1}}");
    first.create("{metadata: {name: b}, spec: {size: 2}}");
    assertThat(server.asked).isEmpty();
    List<byte[]> boxes = second.list().items();
    assertThat(server.asked).hasSize(1);
    assertThat(boxes)
        .extracting(json -> Api.parse(json).child("spec").number("width", 0))
        .containsExactly(1L, 2L);
    assertThat(second.names()).containsExactly("a", "b");
  }

  @Test
  void updatesAndPatchesWorkInTheVersionOfTheRequest() {
    first.create("{metadata: {name: a}, spec: {size: 1}}");
    Obj patched = second.patch("a", "merge-patch", "{spec: {width: 7}}");
    assertThat(patched.child("spec").map()).containsEntry("width", 7L);
    assertThat(first.get("a").child("spec").map()).containsEntry("size", 7L);
    Obj full = second.get("a");
    full.put("status", Obj.tree("full", true));
    assertThat(second.sub("status").update("a", full).child("status").flag("full")).isTrue();
    assertThat(first.delete("a").map()).isNotEmpty();
  }

  @Test
  void aWriteThatChangesNothingMovesAnObjectToTheNewStorageVersion() throws InterruptedException {
    first.create("{metadata: {name: a}, spec: {size: 3}}");
    Obj definition = definitions.get("boxes.example.com");
    definition.child("spec").items("versions").get(0).put("storage", false);
    definition.child("spec").items("versions").get(1).put("storage", true);
    Obj changed = definitions.update("boxes.example.com", definition);
    assertThat(changed.child("status").texts("storedVersions")).containsExactly("v1", "v2");
    DefinitionChanges.await(
        api,
        () -> {
          second.patch("a", "merge-patch", "{}");
          return stored("a").text("apiVersion").equals("example.com/v2");
        });
    assertThat(stored("a").child("spec").map()).containsEntry("width", 3L);
    assertThat(first.get("a").child("spec").map()).containsEntry("size", 3L);
    Obj without = definitions.get("boxes.example.com");
    without.child("spec").list("versions").removeFirst();
    assertThatThrownBy(() -> definitions.update("boxes.example.com", without))
        .hasMessageContaining(
            "status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a storage version");
  }

  @Test
  void aWatchConvertsWhatItSends() throws InterruptedException {
    WatchStream watch = second.watch().stream();
    Semaphore ready = new Semaphore(0);
    watch.onReady(ready::release);
    first.create("{metadata: {name: a}, spec: {size: 5}}");
    Optional<Frame> frame = watch.poll();
    while (frame.isEmpty() && ready.tryAcquire(5, TimeUnit.SECONDS)) {
      frame = watch.poll();
    }
    watch.close();
    Obj seen = Api.parse(frame.orElseThrow().object());
    assertThat(seen.text("apiVersion")).isEqualTo("example.com/v2");
    assertThat(seen.child("spec").number("width", 0)).isEqualTo(5);
  }

  @ParameterizedTest(name = "a hook that {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "renames | returned invalid converted object at index 0: must have the same name: a != b",
        "stays | invalid groupVersion (expected example.com/v2, received example.com/v1)",
        "drops | returned 0 objects, expected 1",
        "fails | failed: out of order",
        "hangs up | the server could not find the requested resource",
      })
  void aBrokenHookIsNamed(String how, String complaint) {
    first.create("{metadata: {name: a}, spec: {size: 1}}");
    server.on(
        "/convert",
        review -> {
          Obj answer =
              answer(
                  review,
                  (box, apiVersion) -> {
                    if (how.equals("renames")) {
                      box.child("metadata").put("name", "b");
                    }
                    return how.equals("stays") ? box : box.put("apiVersion", apiVersion);
                  });
          if (how.equals("drops")) {
            answer.child("response").put("convertedObjects", new ArrayList<>());
          } else if (how.equals("fails")) {
            answer
                .child("response")
                .put("result", Obj.tree("status", "Failure", "message", "out of order"));
          }
          return answer;
        });
    if (how.equals("hangs up")) {
      server.off("/convert");
    }
    assertThatThrownBy(() -> second.get("a"))
        .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.code()).isEqualTo(500))
        .hasMessageContaining("conversion webhook for example.com/v1, Kind=Box ")
        .hasMessageContaining(complaint);
    assertThat(JsonCodec.writeTree(first.get("a").map()))
        .as("the other version goes on")
        .isNotEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{strategy: Some} | spec.conversion.strategy: Unsupported value: \"Some\": supported"
            + " values: \"None\", \"Webhook\"",
        "{strategy: Webhook} | required when strategy is set to Webhook",
        "{strategy: Webhook, webhook: {clientConfig: {url: \"https://a.b/\"}}} |"
            + " spec.conversion.conversionReviewVersions: Required value",
        "{strategy: Webhook, webhook: {conversionReviewVersions: [v9], clientConfig: {url:"
            + " \"https://a.b/\"}}} | must include at least one of v1, v1beta1",
        "{strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url:"
            + " \"http://a.b/\"}}} | 'https' is the only allowed URL scheme",
        "{strategy: None, webhook: {conversionReviewVersions: [v1]}} | should not be set when"
            + " strategy is not set to Webhook",
      })
  void conversionsAreChecked(String conversion, String complaint) {
    assertThatThrownBy(
            () ->
                definitions.create(
                    """
                    metadata: {name: cups.example.com}
                    spec:
                      group: example.com
                      scope: Namespaced
                      names: {plural: cups, kind: Cup}
                      conversion: %s
                      versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
                    """
                        .formatted(conversion)))
        .hasMessageContaining(complaint);
  }
}
