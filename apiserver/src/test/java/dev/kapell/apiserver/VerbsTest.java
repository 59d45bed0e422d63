package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerbsTest {
  private final Api api = new Api();
  private final Api.Place configs = api.at("v1/configmaps");
  private final Api.Place pods = api.at("v1/pods");

  @AfterEach
  void close() {
    api.close();
  }

  static AbstractThrowableAssert<?, ? extends Throwable> refused(
      int code, String reason, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiFailure.class,
            failure -> {
              assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
              assertThat(failure.reason()).isEqualTo(reason);
            });
  }

  /** Refused with a message that contains {@code words}. */
  static void says(int code, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiFailure.class,
            failure -> {
              assertThat(failure.getMessage()).contains(words);
              assertThat(failure.code()).isEqualTo(code);
            });
  }

  @Test
  void aCreatedObjectCarriesItsIdentityAndItsRevision() {
    Obj made = configs.create("{metadata: {name: a}, data: {k: v}}");
    Obj metadata = made.child("metadata");

    assertThat(made.text("kind")).isEqualTo("ConfigMap");
    assertThat(metadata.text("namespace")).isEqualTo("default");
    assertThat(metadata.text("uid")).hasSize(36);
    assertThat(metadata.text("creationTimestamp")).isEqualTo("2026-11-21T08:00:00Z");
    assertThat(metadata.text("resourceVersion"))
        .isEqualTo(Long.toString(api.store.snapshot().revision()));
    assertThat(configs.get("a").map()).isEqualTo(made.map());
  }

  @Test
  void aTakenNameIsRefused() {
    configs.create("metadata: {name: a}");
    refused(409, "AlreadyExists", () -> configs.create("metadata: {name: a}"))
        .hasMessage("configmaps \"a\" already exists");
  }

  @Test
  void anAbsentObjectIsNotFound() {
    refused(404, "NotFound", () -> pods.get("x")).hasMessage("pods \"x\" not found");
    refused(404, "NotFound", () -> api.at("apps/v1/deployments").get("x"))
        .hasMessage("deployments.apps \"x\" not found");
  }

  @Test
  void aGeneratedNameBeginsWithItsPrefix() {
    Obj made = configs.create("metadata: {generateName: web-}");
    assertThat(made.child("metadata").text("name")).matches("web-[a-z0-9]{5}");
    refused(422, "Invalid", () -> configs.create("metadata: {}"))
        .hasMessageContaining("metadata.name: Required value: name or generateName is required");
  }

  @Test
  void aBadNameIsInvalid() {
    refused(422, "Invalid", () -> configs.create("metadata: {name: A_b}"))
        .hasMessageStartingWith("ConfigMap \"A_b\" is invalid: metadata.name: Invalid value");
  }

  @Test
  void aDryRunWritesNothing() {
    configs.with("dryRun", "All").create("metadata: {name: a}");
    assertThat(configs.find("a")).isEmpty();
    refused(422, "Invalid", () -> configs.with("dryRun", "Some").create("metadata: {name: a}"));
  }

  @Test
  void anUnknownFieldIsWarnedOfIgnoredOrRefused() {
    String body = "{metadata: {name: a}, nonsense: 1}";
    assertThat(configs.raw(Verb.CREATE, "", Api.yaml(body)).warnings())
        .singleElement()
        .asString()
        .contains("nonsense");
    configs.delete("a");
    Api.Place ignoring = configs.with("fieldValidation", "Ignore");
    assertThat(ignoring.raw(Verb.CREATE, "", Api.yaml(body)).warnings()).isEmpty();
    Api.Place strict = configs.with("fieldValidation", "Strict");
    refused(400, "BadRequest", () -> strict.create(body))
        .hasMessageContaining("strict decoding error")
        .hasMessageContaining("nonsense");
  }

  @Test
  void theLabelsOfADeploymentAreNobodysThroughItsStatus() {
    Api.Place deployments = api.at("apps/v1/deployments");
    deployments.create(Api.deployment("d", 1));
    Obj applied =
        deployments
            .sub("status")
            .with("fieldManager", "m")
            .patch(
                "d",
                "apply",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, labels: {x: y}, annotations: {x: y}},"
                    + " status: {observedGeneration: 1}}");
    assertThat(applied.child("metadata").has("labels")).isFalse();
    Obj mine =
        applied.child("metadata").items("managedFields").stream()
            .filter(entry -> entry.text("manager").equals("m"))
            .findFirst()
            .orElseThrow()
            .child("fieldsV1");
    assertThat(mine.child("f:metadata").map()).containsOnlyKeys("f:annotations");
    assertThat(mine.map()).containsOnlyKeys("f:metadata", "f:status");
  }

  private Answer.Single patch(Api.Place place, String type, String json) {
    return place.raw(
        Verb.PATCH,
        "a",
        new RequestBody(json.getBytes(StandardCharsets.UTF_8), "application/" + type + "+json"));
  }

  @Test
  void whatAPatchHasTwiceOrNobodyKnowsIsWarnedOfIgnoredOrRefused() {
    configs.create("metadata: {name: a}");
    String merge = "{\"data\": {\"a\": \"1\", \"a\": \"2\"}, \"nonsense\": 1}";
    String json =
        "[{\"op\": \"add\", \"path\": \"/data\", \"value\": {\"a\": \"1\", \"a\": \"2\"}}]";
    Api.Place strict = configs.with("fieldValidation", "Strict");
    Api.Place ignoring = configs.with("fieldValidation", "Ignore");
    for (String type : List.of("merge-patch", "strategic-merge-patch")) {
      assertThat(patch(configs, type, merge).warnings())
          .containsExactly("duplicate field \"data.a\"", "unknown field \"nonsense\"");
      assertThat(patch(ignoring, type, merge).warnings()).isEmpty();
      refused(422, "Invalid", () -> patch(strict, type, merge))
          .hasMessageEndingWith(
              "strict decoding error: duplicate field \"data.a\", unknown field \"nonsense\"");
    }
    assertThat(patch(configs, "json-patch", json).warnings())
        .containsExactly("json patch duplicate field \"[0].value.a\"");
    refused(422, "Invalid", () -> patch(strict, "json-patch", json))
        .hasMessageEndingWith("strict decoding error: json patch duplicate field \"[0].value.a\"");
  }

  @Test
  void aMistypedFieldIsABadRequestWithItsPath() {
    refused(400, "BadRequest", () -> configs.create("{metadata: {name: a}, data: {k: 5}}"))
        .hasMessageStartingWith("ConfigMap in version \"v1\" cannot be handled as a ConfigMap")
        .hasMessageContaining("data");
  }

  @Test
  void textThatIsNoObjectIsABadRequest() {
    for (String text : List.of("", "[]", "{", "nothing", "{} {}")) {
      RequestBody body = RequestBody.json(text.getBytes(StandardCharsets.UTF_8));
      refused(400, "BadRequest", () -> configs.raw(Verb.CREATE, "", body));
    }
  }

  @Test
  void anotherKindOrNamespaceThanThePathIsABadRequest() {
    refused(400, "BadRequest", () -> configs.create("{kind: Pod, metadata: {name: a}}"));
    refused(400, "BadRequest", () -> configs.create("{metadata: {name: a, namespace: elsewhere}}"));
  }

  @Test
  void anUpdateWithAnOldRevisionIsAConflict() {
    Obj first = configs.create("{metadata: {name: a}, data: {k: '1'}}");
    Obj changed = configs.update("a", "{metadata: {name: a}, data: {k: '2'}}");
    assertThat(changed.child("data").text("k")).isEqualTo("2");
    assertThat(changed.child("metadata").text("uid"))
        .isEqualTo(first.child("metadata").text("uid"));
    refused(409, "Conflict", () -> configs.update("a", first))
        .hasMessage(
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
  }

  @Test
  void anUpdateThatChangesNothingKeepsTheRevision() {
    Obj first = configs.create("{metadata: {name: a}, data: {k: '1'}}");
    assertThat(configs.update("a", first).map()).isEqualTo(first.map());
  }

  @Test
  void onlySomeKindsAreCreatedByAnUpdate() {
    refused(404, "NotFound", () -> configs.update("a", "metadata: {name: a}"));
    Obj lease = api.at("coordination.k8s.io/v1/leases").update("a", "metadata: {name: a}");
    assertThat(lease.child("metadata").text("uid")).isNotEmpty();
  }

  @Test
  void specAndStatusAreWrittenApart() {
    Api.Place deployments = api.at("apps/v1/deployments");
    Obj made = deployments.create(Api.deployment("web", 1));
    assertThat(made.child("metadata").number("generation", 0)).isEqualTo(1);

    made.child("spec").put("replicas", 3L);
    made.make("status").put("replicas", 9L);
    Obj status = deployments.sub("status").update("web", made);
    assertThat(status.child("spec").number("replicas", 0)).isEqualTo(1);
    assertThat(status.child("status").number("replicas", 0)).isEqualTo(9);
    assertThat(status.child("metadata").number("generation", 0)).isEqualTo(1);

    status.child("spec").put("replicas", 3L);
    status.child("status").put("replicas", 1L);
    Obj spec = deployments.update("web", status);
    assertThat(spec.child("spec").number("replicas", 0)).isEqualTo(3);
    assertThat(spec.child("status").number("replicas", 0)).isEqualTo(9);
    assertThat(spec.child("metadata").number("generation", 0)).isEqualTo(2);
  }

  @Test
  void patchesOfAllForms() {
    configs.create("{metadata: {name: a, labels: {x: y}}, data: {k: '1', gone: '1'}}");
    Obj merged = configs.patch("a", "merge-patch", "{data: {k: '2', gone: null}}");
    assertThat(merged.strings("data")).containsOnlyKeys("k").containsEntry("k", "2");
    Obj json = configs.patch("a", "json-patch", "[{op: replace, path: /data/k, value: '3'}]");
    assertThat(json.child("data").text("k")).isEqualTo("3");
    refused(
        422,
        "Invalid",
        () -> configs.patch("a", "json-patch", "[{op: test, path: /data/k, value: '9'}]"));

    api.at("apps/v1/deployments").create(Api.deployment("web", 1));
    Obj web =
        api.at("apps/v1/deployments")
            .patch(
                "web",
                "strategic-merge-patch",
                "spec: {template: {spec: {containers: [{name: main, image: 'img:2'},"
                    + " {name: more, image: 'img:1'}]}}}");
    List<Obj> containers = web.child("spec").child("template").child("spec").items("containers");
    assertThat(containers).extracting(c -> c.text("image")).contains("img:2").hasSize(2);
  }

  @Test
  void aPatchCannotChangeWhatAnObjectIs() {
    configs.create("metadata: {name: a}");
    refused(400, "BadRequest", () -> configs.patch("a", "merge-patch", "{metadata: {name: b}}"));
    refused(409, "Conflict", () -> configs.patch("a", "merge-patch", "{metadata: {uid: b}}"));
    refused(
        409,
        "Conflict",
        () -> configs.patch("a", "merge-patch", "{metadata: {resourceVersion: '1'}}"));
    refused(415, "UnsupportedMediaType", () -> configs.patch("a", "unknown-patch", "{}"));
  }

  @Test
  void serverSideApplyOwnsWhatItStatesAndReportsConflicts() {
    Api.Place one = configs.with("fieldManager", "one");
    Api.Place two = configs.with("fieldManager", "two");
    one.patch(
        "a",
        "apply",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1', y: '1'}}");
    refused(
            409,
            "Conflict",
            () ->
                two.patch(
                    "a",
                    "apply",
                    "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '2'}}"))
        .hasMessageContaining("conflict with \"one\": .data.x");
    two.with("force", "true")
        .patch(
            "a", "apply", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '2'}}");
    Obj left =
        one.patch(
            "a", "apply", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {z: '1'}}");
    assertThat(left.strings("data")).containsEntry("x", "2").containsEntry("z", "1").hasSize(2);
  }

  @Test
  void listsArePagedAtOneRevision() {
    List.of("a", "b", "c", "d").forEach(n -> configs.create("metadata: {name: " + n + "}"));
    var first = configs.with("limit", "2").list();
    assertThat(first.items()).hasSize(2);
    assertThat(first.remaining()).isEqualTo(2);
    configs.create("metadata: {name: bb}");
    configs.delete("d");
    var second = configs.with("limit", "2").with("continue", first.continueToken()).list();
    assertThat(second.items())
        .extracting(json -> Api.parse(json).child("metadata").text("name"))
        .containsExactly("c", "d");
    assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
    assertThat(second.continueToken()).isEmpty();
    refused(400, "BadRequest", () -> configs.with("continue", "rubbish").list());
  }

  @Test
  void selectorsChooseByLabelAndField() {
    pods.create(Api.pod("a"));
    pods.create(Api.pod("b"));
    assertThat(pods.with("labelSelector", "app in (b)").names()).containsExactly("b");
    assertThat(pods.with("fieldSelector", "metadata.name!=b").names()).containsExactly("a");
    assertThat(pods.with("fieldSelector", "status.phase=Pending").names()).hasSize(2);
    assertThat(pods.with("fieldSelector", "spec.nodeName=").names()).hasSize(2);
    refused(400, "BadRequest", () -> pods.with("fieldSelector", "spec.image=x").list())
        .hasMessage("field label not supported: spec.image");
    refused(400, "BadRequest", () -> pods.with("labelSelector", "a in (").list());
  }

  @Test
  void anUpdateSaysWhichObjectItIs() {
    configs.create("metadata: {name: a}");
    refused(400, "BadRequest", () -> configs.update("a", "data: {k: v}"))
        .hasMessage(
            "the name of the object (a based on URL) was undeterminable: name must be provided");
    api.at("v1/replicationcontrollers")
        .create(
            "{metadata: {name: r}, spec: {replicas: 0, selector: {a: b}, template: {metadata:"
                + " {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}");
    refused(
            400,
            "BadRequest",
            () ->
                api.at("v1/replicationcontrollers")
                    .sub("scale")
                    .update("r", "{metadata: {name: other}, spec: {replicas: 1}}"))
        .hasMessage("the name of the object (other) does not match the name on the URL (r)");
  }

  @Test
  void anEvictionOrBindingOfAnotherNameIsRefused() {
    pods.create(Api.pod("a"));
    refused(400, "BadRequest", () -> pods.sub("eviction").create("a", "metadata: {name: b}"))
        .hasMessage("name in URL does not match name in Eviction object");
    refused(
            400,
            "BadRequest",
            () -> pods.sub("binding").create("a", "{metadata: {name: b}, target: {name: n}}"))
        .hasMessage("name in URL does not match name in Binding object");
    refused(422, "Invalid", () -> pods.sub("binding").create("a", "target: {kind: Pod, name: n}"))
        .hasMessageContaining("target.kind: Unsupported value: \"Pod\"");
  }

  @Test
  void onePriorityClassIsTheDefault() {
    Api.Place classes = api.at("scheduling.k8s.io/v1/priorityclasses");
    classes.create("{metadata: {name: a}, value: 1, globalDefault: true}");
    refused(
            403,
            "Forbidden",
            () -> classes.create("{metadata: {name: b}, value: 2, globalDefault: true}"))
        .hasMessageContaining("PriorityClass a is already marked as default");
    classes.patch("a", "merge-patch", "description: still the default");
    classes.create("{metadata: {name: b}, value: 2}");
  }

  @Test
  void aNodeSaysItsNetworkBothWays() {
    Api.Place nodes = api.at("v1/nodes");
    nodes.create("{metadata: {name: a}, spec: {podCIDR: 10.1.0.0/24}}");
    assertThat(nodes.get("a").child("spec").texts("podCIDRs")).containsExactly("10.1.0.0/24");
    nodes.create("{metadata: {name: b}, spec: {podCIDRs: [10.2.0.0/24]}}");
    assertThat(nodes.get("b").child("spec").text("podCIDR")).isEqualTo("10.2.0.0/24");
  }

  @Test
  void theClassOfALoadBalancerStays() {
    Api.Place services = api.at("v1/services");
    services.create("{metadata: {name: a}, spec: {type: LoadBalancer, ports: [{port: 80}]}}");
    refused(
            422,
            "Invalid",
            () -> services.patch("a", "merge-patch", "spec: {loadBalancerClass: a.b/c}"))
        .hasMessageContaining("spec.loadBalancerClass: Invalid value: \"a.b/c\": may not change");
  }

  @Test
  void whoSaysTwiceWhatBecomesOfDependentsIsRefused() {
    configs.create("metadata: {name: a}");
    refused(
            422,
            "Invalid",
            () -> configs.delete("a", "{orphanDependents: true, propagationPolicy: Orphan}"))
        .hasMessageContaining("orphanDependents and deletionPropagation cannot be both set");
  }

  @Test
  void newerEventsAreChosenByWhatTheyRegard() {
    Api.Place core = api.at("v1/events");
    Api.Place newer = api.at("events.k8s.io/v1/events");
    core.create(
        "{metadata: {name: e}, involvedObject: {kind: Pod, name: a, namespace: default},"
            + " reportingComponent: c, type: Normal}");
    assertThat(newer.with("fieldSelector", "regarding.name=a").names()).containsExactly("e");
    assertThat(newer.with("fieldSelector", "regarding.name=b").names()).isEmpty();
    assertThat(newer.with("fieldSelector", "reportingController=c").names()).containsExactly("e");
    refused(400, "BadRequest", () -> newer.with("fieldSelector", "involvedObject.name=a").list())
        .hasMessage("field label not supported: involvedObject.name");
    refused(400, "BadRequest", () -> core.with("fieldSelector", "regarding.name=a").list());
  }

  @Test
  void unknownFieldsAreRefusedInTheWordsOfTheKind() {
    refused(400, "BadRequest", () -> configs.with("fieldSelector", "data.a=b").list())
        .hasMessage("field label \"data.a\" not supported for \"ConfigMap\"");
    refused(
            400,
            "BadRequest",
            () -> api.at("apps/v1/deployments").with("fieldSelector", "spec.a=b").list())
        .hasMessage(
            "\"spec.a\" is not a known field selector: only \"metadata.name\","
                + " \"metadata.namespace\"");
  }

  @Test
  void revisionsOfListsFollowTheRules() throws InterruptedException {
    configs.create("metadata: {name: a}");
    String now = configs.list().resourceVersion();
    assertThat(configs.with("resourceVersion", "0").names()).contains("a");
    assertThat(configs.with("resourceVersion", now).with("resourceVersionMatch", "Exact").names())
        .contains("a");
    refused(504, "Timeout", () -> configs.with("resourceVersion", "99999").list());
    refused(422, "Invalid", () -> configs.with("resourceVersionMatch", "Exact").list());
    configs.create("metadata: {name: b}");
    Api.Place exact = configs.with("resourceVersion", now).with("resourceVersionMatch", "Exact");
    assertThat(exact.names()).doesNotContain("b");
    api.store.compact(api.store.snapshot().revision());
    refused(410, "Expired", exact::list);
    refused(400, "BadRequest", () -> configs.with("resourceVersion", "x").list());
  }

  @Test
  void namespacesAreNotDeletedAllAtOnce() {
    refused(405, "MethodNotAllowed", () -> api.at("v1/namespaces").deleteAll());
    assertThat(api.core.pipeline().catalog().find("", "v1", "namespaces"))
        .hasValueSatisfying(row -> assertThat(row.verbs()).doesNotContain("deletecollection"));
  }
}
