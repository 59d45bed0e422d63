package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What may not change of every kind, and what a status write and a spec write leave alone. */
class ChangeCasesTest {
  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  static Stream<Arguments> cases() throws IOException {
    return KindCasesTest.read("change-cases.txt", 4);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aChangeIsRefusedByField(String resource, String body, String patch, String message) {
    boolean status = patch.startsWith("status: ");
    Api.Place place = status ? api.at(resource).sub("status") : api.at(resource);
    String text = status ? patch.substring("status: ".length()) : patch;
    if (message.equals("ok")) {
      api.at(resource).create("{" + body + "}");
      assertThat(place.patch("x", "merge-patch", text).child("metadata").text("name"))
          .isEqualTo("x");
      return;
    }
    assertThatThrownBy(
            () -> {
              api.at(resource).create("{" + body + "}");
              place.patch("x", "merge-patch", text);
            })
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining(message)
        .satisfies(failure -> assertThat(((ApiFailure) failure).code()).isEqualTo(422));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "apps/v1/deployments | {metadata: {name: x}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: i}]}}}} | {spec: {paused: true}, status: {replicas: 3}}",
        "policy/v1/poddisruptionbudgets | {metadata: {name: x}, spec: {minAvailable: 1}} | {spec: {minAvailable: 2}, status: {expectedPods: 3}}",
        "v1/persistentvolumes | {metadata: {name: x}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}}} | {spec: {storageClassName: s}, status: {phase: Available}}",
        "flowcontrol.apiserver.k8s.io/v1/flowschemas | {metadata: {name: x}, spec: {priorityLevelConfiguration: {name: a}}} | {spec: {matchingPrecedence: 7}, status: {conditions: [{type: Dangling, status: 'False'}]}}",
        "networking.k8s.io/v1/ingresses | {metadata: {name: x}, spec: {defaultBackend: {service: {name: s, port: {number: 1}}}}} | {spec: {ingressClassName: c}, status: {loadBalancer: {ingress: [{ip: 10.0.0.1}]}}}",
      })
  void aSpecWriteLeavesTheStatusAndAStatusWriteTheSpec(String resource, String body, String patch) {
    Api.Place place = api.at(resource.strip());
    Obj created = place.create(body);
    Obj spec = place.patch("x", "merge-patch", patch);
    assertThat(spec.get("spec")).isNotEqualTo(created.get("spec"));
    assertThat(spec.get("status")).isEqualTo(created.get("status"));
    Obj status = place.sub("status").patch("x", "merge-patch", patch);
    assertThat(status.get("status")).isNotEqualTo(created.get("status"));
    assertThat(status.get("spec")).isEqualTo(spec.get("spec"));
    assertThat(status.child("metadata").number("generation", 0))
        .isEqualTo(spec.child("metadata").number("generation", 0));
  }

  @Test
  void aNewObjectsStatusIsNotTheClients() {
    Obj made =
        api.at("apps/v1/replicasets")
            .create(
                "{metadata: {name: x, uid: mine, generation: 9, creationTimestamp:"
                    + " '2001-01-01T00:00:00Z'}, spec: {selector: {matchLabels: {a: b}}, template:"
                    + " {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: i}]}}},"
                    + " status: {replicas: 7}}");
    assertThat(made.child("status").number("replicas", -1)).isZero();
    assertThat(made.child("metadata").text("uid")).isNotEqualTo("mine");
    assertThat(made.child("metadata").number("generation", 0)).isEqualTo(1);
    assertThat(made.child("metadata").text("creationTimestamp")).startsWith("2026-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{metadata: {name: x}, data: {a: 1}} | 400 | data",
        "{metadata: {name: x}, data: [a]} | 400 | data",
        "{metadata: {name: x}, data: {a: {b: c}}} | 400 | data",
        "{metadata: [], data: {}} | 400 | metadata",
        "{metadata: {name: 7}} | 400 | name",
        "{metadata: {name: x, labels: {a: 1}}} | 400 | labels",
        "{metadata: {name: x, namespace: other}} | 400 | does not match the namespace",
        "{metadata: {name: x, resourceVersion: '7'}} | 400 | resourceVersion should not be set",
        "{metadata: {name: ''}} | 422 | name or generateName is required",
        "{metadata: {name: x, finalizers: [mine]}} | 422 | metadata.finalizers",
        "{metadata: {name: x, ownerReferences: [{name: a}]}} | 422 | metadata.ownerReferences",
        "{kind: Secret, metadata: {name: x}} | 400 | Secret",
        "{apiVersion: v9, metadata: {name: x}} | 400 | v9",
      })
  void whatIsNoConfigMapIsRefused(String body, int code, String message) {
    assertThatThrownBy(() -> api.at("v1/configmaps").raw(Verb.CREATE, "", Api.yaml(body)))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining(message.strip())
        .satisfies(failure -> assertThat(((ApiFailure) failure).code()).isEqualTo(code));
  }

  @Test
  void anUnknownFieldIsWarnedOfOrRefused() {
    Api.Place maps = api.at("v1/configmaps");
    String body = "{metadata: {name: x}, dada: {a: b}}";
    assertThat(maps.raw(Verb.CREATE, "", Api.yaml(body)).warnings())
        .anySatisfy(line -> assertThat(line).contains("unknown field \"dada\""));
    assertThatThrownBy(
            () -> maps.with("fieldValidation", "Strict").raw(Verb.CREATE, "", Api.yaml(body)))
        .hasMessageContaining("unknown field \"dada\"");
    assertThat(
            maps.with("fieldValidation", "Ignore")
                .raw(Verb.CREATE, "", Api.yaml(body.replace("name: x", "name: y")))
                .warnings())
        .isEmpty();
  }
}
