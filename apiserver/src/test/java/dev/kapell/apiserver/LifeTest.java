package dev.kapell.apiserver;

import static dev.kapell.apiserver.VerbsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.request.WatchStream;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How objects end, are watched, scaled, bound and evicted. */
class LifeTest {
  private final Api api = new Api();
  private final Api.Place configs = api.at("v1/configmaps");
  private final Api.Place pods = api.at("v1/pods");

  @AfterEach
  void close() {
    api.close();
  }

  private void bind(String pod) {
    pods.sub("binding").create(pod, "target: {name: n1}");
  }

  private static List<String> drain(Answer.Watching watching) {
    List<String> seen = new ArrayList<>();
    Optional<WatchStream.Frame> frame = watching.stream().poll();
    while (frame.isPresent()) {
      Obj object = Api.parse(frame.get().object());
      seen.add((frame.get().type() + " " + object.child("metadata").text("name")).strip());
      frame = watching.stream().poll();
    }
    return seen;
  }

  @Test
  void anObjectWithoutHoldsGoesAtOnce() {
    configs.create("metadata: {name: a}");
    Obj status = configs.delete("a");
    assertThat(status.text("status")).isEqualTo("Success");
    assertThat(status.child("details").text("kind")).isEqualTo("configmaps");
    refused(404, "NotFound", () -> configs.delete("a"));
  }

  @Test
  void finalizersHoldAnObjectUntilTheyAreGone() {
    configs.create("metadata: {name: a, finalizers: [x.io/y]}");
    configs.delete("a");
    Obj going = configs.get("a");
    assertThat(going.child("metadata").has("deletionTimestamp")).isTrue();
    refused(
        422,
        "Invalid",
        () -> configs.patch("a", "merge-patch", "{metadata: {finalizers: [x.io/y, x.io/z]}}"));
    configs.patch("a", "merge-patch", "{metadata: {finalizers: null}}");
    assertThat(configs.find("a")).isEmpty();
  }

  @Test
  void aPolicyBecomesAFinalizer() {
    configs.create("metadata: {name: a}");
    configs.delete("a", "propagationPolicy: Foreground");
    assertThat(configs.get("a").child("metadata").texts("finalizers"))
        .containsExactly("foregroundDeletion");
    configs.create("metadata: {name: b}");
    configs.delete("b", "propagationPolicy: Orphan");
    assertThat(configs.get("b").child("metadata").texts("finalizers")).containsExactly("orphan");
    refused(422, "Invalid", () -> configs.delete("b", "propagationPolicy: Sometimes"));
  }

  @Test
  void preconditionsGuardADelete() {
    configs.create("metadata: {name: a}");
    refused(409, "Conflict", () -> configs.delete("a", "preconditions: {uid: other}"));
    refused(409, "Conflict", () -> configs.delete("a", "preconditions: {resourceVersion: '1'}"));
  }

  @Test
  void aBoundPodStaysUntilItsAgentLetsItGo() {
    pods.create(Api.pod("a"));
    bind("a");
    Obj going = pods.delete("a");
    assertThat(going.child("metadata").text("deletionTimestamp")).isEqualTo("2026-11-21T08:00:30Z");
    assertThat(going.child("metadata").number("deletionGracePeriodSeconds", 0)).isEqualTo(30);
    pods.delete("a", "gracePeriodSeconds: 5");
    assertThat(pods.get("a").child("metadata").text("deletionTimestamp"))
        .isEqualTo("2026-11-21T08:00:05Z");
    pods.delete("a", "gracePeriodSeconds: 0");
    assertThat(pods.find("a")).isEmpty();
  }

  @Test
  void aNegativeGraceIsASecond() {
    pods.create(
        "metadata: {name: a}\nspec: {terminationGracePeriodSeconds: -5, containers: [{name: a, image: i}]}");
    bind("a");
    assertThat(pods.delete("a").child("metadata").number("deletionGracePeriodSeconds", 0)).isOne();
  }

  @Test
  void anUnscheduledPodGoesAtOnce() {
    pods.create(Api.pod("a"));
    pods.delete("a");
    assertThat(pods.find("a")).isEmpty();
  }

  @Test
  void aNamespaceWaitsForItsContent() {
    Api.Place namespaces = api.at("v1/namespaces");
    namespaces.create("metadata: {name: team}");
    namespaces.delete("team");
    Obj going = namespaces.get("team");
    assertThat(going.child("status").text("phase")).isEqualTo("Terminating");
    refused(403, "Forbidden", () -> configs.in("team").create("metadata: {name: a}"))
        .hasMessageContaining("because it is being terminated");
    going.child("spec").drop("finalizers");
    namespaces.sub("finalize").update("team", going);
    assertThat(namespaces.find("team")).isEmpty();
    refused(404, "NotFound", () -> configs.in("team").create("metadata: {name: a}"))
        .hasMessage("namespaces \"team\" not found");
    refused(403, "Forbidden", () -> namespaces.delete("default"));
  }

  @Test
  void aCollectionIsDeletedBySelector() {
    configs.create("metadata: {name: a, labels: {x: y}}");
    configs.create("metadata: {name: b}");
    configs.with("labelSelector", "x=y").deleteAll();
    assertThat(configs.names()).containsExactly("b");
  }

  @Test
  void aWatchSeesTheStateAndThenEachChange() {
    configs.create("metadata: {name: a}");
    Answer.Watching watching = configs.watch();
    configs.create("metadata: {name: b}");
    configs.patch("a", "merge-patch", "{data: {k: v}}");
    configs.delete("b");
    assertThat(drain(watching)).containsExactly("ADDED a", "ADDED b", "MODIFIED a", "DELETED b");
    watching.stream().close();
  }

  @Test
  void aWatchFromARevisionSeesOnlyWhatCameAfter() {
    configs.create("metadata: {name: a}");
    String now = configs.list().resourceVersion();
    configs.create("metadata: {name: b}");
    Answer.Watching watching = configs.with("resourceVersion", now).watch();
    assertThat(drain(watching)).containsExactly("ADDED b");
  }

  @Test
  void enteringAndLeavingASelectorIsComingAndGoing() {
    configs.create("metadata: {name: a}");
    Answer.Watching watching = configs.with("labelSelector", "x=y").watch();
    configs.patch("a", "merge-patch", "{metadata: {labels: {x: 'y'}}}");
    configs.patch("a", "merge-patch", "{data: {k: v}}");
    configs.patch("a", "merge-patch", "{metadata: {labels: {x: z}}}");
    assertThat(drain(watching)).containsExactly("ADDED a", "MODIFIED a", "DELETED a");
  }

  @Test
  void aStreamingListMarksItsEnd() {
    configs.create("metadata: {name: a}");
    Answer.Watching watching =
        configs
            .with("sendInitialEvents", "true")
            .with("resourceVersionMatch", "NotOlderThan")
            .with("allowWatchBookmarks", "true")
            .watch();
    assertThat(watching.stream().poll().orElseThrow().type()).isEqualTo("ADDED");
    WatchStream.Frame end = watching.stream().poll().orElseThrow();
    assertThat(end.isBookmark()).isTrue();
    assertThat(Api.parse(end.object()).child("metadata").strings("annotations"))
        .containsEntry("k8s.io/initial-events-end", "true");
    refused(422, "Invalid", () -> configs.with("sendInitialEvents", "true").watch());
  }

  @Test
  void aWatchSendsBookmarksAndEndsInTime() {
    Answer.Watching watching =
        configs.with("allowWatchBookmarks", "true").with("timeoutSeconds", "90").watch();
    assertThat(drain(watching)).isEmpty();
    api.clock.advance(Duration.ofSeconds(60));
    assertThat(drain(watching)).containsExactly("BOOKMARK");
    assertThat(watching.stream().ended()).isFalse();
    api.clock.advance(Duration.ofSeconds(30));
    assertThat(drain(watching)).containsExactly("BOOKMARK");
    assertThat(watching.stream().ended()).isTrue();
  }

  @Test
  void aWatchFromForgottenHistoryIsToldSo() throws InterruptedException {
    configs.create("metadata: {name: a}");
    configs.create("metadata: {name: b}");
    api.store.compact(api.store.snapshot().revision());
    Answer.Watching watching = configs.with("resourceVersion", "1").watch();
    WatchStream.Frame frame = watching.stream().poll().orElseThrow();
    assertThat(frame.type()).isEqualTo("ERROR");
    assertThat(Api.parse(frame.object()).number("code", 0)).isEqualTo(410);
    assertThat(watching.stream().ended()).isTrue();
  }

  @Test
  void scaleIsAViewOfTheReplicas() {
    api.at("apps/v1/deployments").create(Api.deployment("web", 2));
    Api.Place scale = api.at("apps/v1/deployments").sub("scale");
    Obj seen = scale.get("web");
    assertThat(seen.child("spec").number("replicas", 0)).isEqualTo(2);
    assertThat(seen.child("status").text("selector")).isEqualTo("app=web");
    seen.child("spec").put("replicas", 5L);
    assertThat(scale.update("web", seen).child("spec").number("replicas", 0)).isEqualTo(5);
    scale.patch("web", "merge-patch", "{spec: {replicas: 1}}");
    assertThat(api.at("apps/v1/deployments").get("web").child("spec").number("replicas", 0))
        .isEqualTo(1);
    refused(422, "Invalid", () -> scale.patch("web", "merge-patch", "{spec: {replicas: -1}}"));
  }

  @Test
  void aPodIsBoundOnce() {
    pods.create(Api.pod("a"));
    bind("a");
    assertThat(pods.get("a").child("spec").text("nodeName")).isEqualTo("n1");
    assertThat(pods.get("a").child("status").items("conditions"))
        .extracting(condition -> condition.text("type"))
        .containsExactly("PodScheduled");
    refused(409, "Conflict", () -> bind("a"));
    api.at("v1/pods").create(Api.pod("b"));
    api.at("v1/bindings").create("{metadata: {name: b}, target: {kind: Node, name: n2}}");
    assertThat(pods.get("b").child("spec").text("nodeName")).isEqualTo("n2");
  }

  @Test
  void anEvictionRespectsTheBudget() {
    pods.create(Api.pod("a"));
    bind("a");
    pods.sub("status").patch("a", "merge-patch", "{status: {phase: Running}}");
    Api.Place budgets = api.at("policy/v1/poddisruptionbudgets");
    budgets.create(
        "{metadata: {name: b}, spec: {minAvailable: 1, selector: {matchLabels: {app: a}}}}");
    refused(429, "TooManyRequests", () -> pods.sub("eviction").create("a", "metadata: {name: a}"))
        .hasMessage("Cannot evict pod as it would violate the pod's disruption budget.");
    budgets.sub("status").patch("b", "merge-patch", "{status: {disruptionsAllowed: 1}}");
    refused(429, "TooManyRequests", () -> pods.sub("eviction").create("a", "metadata: {name: a}"))
        .satisfies(
            failure ->
                assertThat(((ApiFailure) failure).status().toString())
                    .contains("The disruption budget b is still being processed by the server."));
    budgets.sub("status").patch("b", "merge-patch", "{status: {observedGeneration: 1}}");
    pods.sub("eviction").create("a", "metadata: {name: a}");
    Obj gone = pods.get("a");
    assertThat(gone.child("metadata").has("deletionTimestamp")).isTrue();
    assertThat(gone.child("status").items("conditions"))
        .anyMatch(each -> each.text("reason").equals("EvictionByEvictionAPI"));
    assertThat(budgets.get("b").child("status").number("disruptionsAllowed", -1)).isZero();
  }

  @ParameterizedTest(name = "{0}, {1} of {2} healthy, ready {3}: {4}")
  @CsvSource({
    "IfHealthyBudget, 1, 1, False, true",
    "IfHealthyBudget, 0, 1, False, false",
    "IfHealthyBudget, 1, 1, True, false",
    "AlwaysAllow, 0, 1, False, true",
    "AlwaysAllow, 0, 1, True, false",
  })
  void aPodThatIsNotReadyGoesAsTheBudgetSays(
      String policy, int healthy, int desired, String ready, boolean goes) {
    pods.create(Api.pod("a"));
    bind("a");
    pods.sub("status")
        .patch(
            "a",
            "merge-patch",
            "{status: {phase: Running, conditions: [{type: Ready, status: '" + ready + "'}]}}");
    Api.Place budgets = api.at("policy/v1/poddisruptionbudgets");
    budgets.create(
        "{metadata: {name: b}, spec: {minAvailable: 1, unhealthyPodEvictionPolicy: "
            + policy
            + ", selector: {matchLabels: {app: a}}}}");
    budgets
        .sub("status")
        .patch(
            "b",
            "merge-patch",
            "{status: {observedGeneration: 1, currentHealthy: "
                + healthy
                + ", desiredHealthy: "
                + desired
                + "}}");
    if (goes) {
      pods.sub("eviction").create("a", "metadata: {name: a}");
    } else {
      refused(
          429, "TooManyRequests", () -> pods.sub("eviction").create("a", "metadata: {name: a}"));
    }
    assertThat(pods.get("a").child("metadata").has("deletionTimestamp")).isEqualTo(goes);
  }

  @Test
  void aTokenIsIssuedForAnAccount() {
    Obj token =
        api.at("v1/serviceaccounts")
            .sub("token")
            .create("default", "spec: {expirationSeconds: 600}");
    assertThat(token.child("status").text("token")).isEqualTo("signed-for-default");
    assertThat(token.child("status").text("expirationTimestamp")).isEqualTo("2026-11-21T08:10:00Z");
    refused(
        422,
        "Invalid",
        () ->
            api.at("v1/serviceaccounts")
                .sub("token")
                .create("default", "spec: {expirationSeconds: 10}"));
  }

  @Test
  void whatAnAgentAnswersIsHandedOn() {
    pods.create(Api.pod("a"));
    assertThat(pods.sub("log").ask(Verb.GET, "a", RequestBody.NONE))
        .isInstanceOf(Answer.Connect.class);
    refused(404, "NotFound", () -> pods.sub("nonsense").get("a"));
    refused(404, "NotFound", () -> api.at("v1/nonsense").get("a"));
  }
}
