package dev.kapell.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.metrics.Exposition;
import dev.kapell.apiserver.request.Answer;
import dev.kapell.apiserver.request.RequestBody;
import dev.kapell.apiserver.request.Verb;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ApiFailure;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Admission webhooks, over real HTTPS. */
class WebhookTest {
  private static final String MAPS = "v1/configmaps";

  @TempDir static Path keys;

  private final Api api = new Api();
  private OutsideServer server;

  @BeforeEach
  void serve() throws IOException {
    server = new OutsideServer(keys);
  }

  @AfterEach
  void close() {
    server.close();
    api.close();
  }

  private void hook(String kind, String name, String path, String more) {
    api.at("admissionregistration.k8s.io/v1/" + kind + "webhookconfigurations")
        .create(
            """
            metadata: {name: "%1$s"}
            webhooks:
            - name: %1$s.kapell.test
              clientConfig: %2$s
              sideEffects: None
              admissionReviewVersions: [v1]
              %3$s
            """
                .formatted(name, server.client(path), more.replace("\n", "\n  ")));
  }

  private static String rules(String operations, String resources) {
    return "rules: [{operations: [%s], apiGroups: ['*'], apiVersions: ['*'], resources: [%s]}]"
        .formatted(operations, resources);
  }

  private void mutating(String name, String patch, String more) {
    server.onReview("/" + name, request -> OutsideServer.patch(patch));
    hook("mutating", name, "/" + name, rules("CREATE, UPDATE", "configmaps") + "\n" + more);
  }

  private static String add(String key, String value) {
    return "[{\"op\": \"add\", \"path\": \"/data/%s\", \"value\": \"%s\"}]".formatted(key, value);
  }

  @Test
  void aRefusalNamesTheHookAndItsReason() {
    server.onReview("/no", request -> OutsideServer.deny("not today"));
    hook("validating", "no", "/no", rules("CREATE", "configmaps"));
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}"))
        .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.code()).isEqualTo(400))
        .hasMessage("admission webhook \"no.kapell.test\" denied the request: not today");
    assertThat(api.at("v1/secrets").create("metadata: {name: a}").map())
        .as("what no rule names passes")
        .isNotEmpty();
    Obj request = server.last().child("request");
    assertThat(request.text("operation")).isEqualTo("CREATE");
    assertThat(request.text("namespace")).isEqualTo("default");
    assertThat(request.child("kind").text("kind")).isEqualTo("ConfigMap");
    assertThat(request.child("userInfo").text("username")).isEqualTo("system:kapell");
    assertThat(request.child("options").text("kind")).isEqualTo("CreateOptions");
    assertThat(request.child("object").child("metadata").text("name")).isEqualTo("a");
    assertThat(request.has("oldObject")).isFalse();
  }

  /** CVE-2021-25735: of nodes, the object before was shown with what the new one said. */
  @Test
  void theObjectBeforeIsTheOneThatWasStored() {
    api.at("v1/nodes").create("metadata: {name: n, labels: {a: before}}");
    server.onReview("/look", request -> OutsideServer.allow());
    hook("validating", "look", "/look", rules("UPDATE", "nodes, nodes/status"));
    api.at("v1/nodes").patch("n", "merge-patch", "metadata: {labels: {a: after}}");
    Obj request = server.last().child("request");
    assertThat(request.child("oldObject").child("metadata").strings("labels"))
        .containsEntry("a", "before");
    assertThat(request.child("object").child("metadata").strings("labels"))
        .containsEntry("a", "after");
  }

  @Test
  void callsAreCountedByWhatCameOfThem() {
    server.onReview("/no", request -> OutsideServer.deny("no"));
    hook("validating", "no", "/no", rules("CREATE", "configmaps"));
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}"))
        .isInstanceOf(ApiFailure.class);
    Exposition figures = Exposition.parse(api.meters.text());
    assertThat(
            figures.value(
                "apiserver_admission_webhook_rejection_count",
                "name=\"no.kapell.test\"",
                "error_type=\"no_error\""))
        .isEqualTo(1);
    assertThat(
            figures.value(
                "apiserver_admission_webhook_admission_duration_seconds_count",
                "rejected=\"true\"",
                "type=\"validating\""))
        .isEqualTo(1);
    assertThat(
            figures.value(
                "apiserver_admission_controller_admission_duration_seconds_count",
                "name=\"ValidatingAdmissionWebhook\"",
                "rejected=\"true\""))
        .isEqualTo(1);
  }

  @Test
  void aHooksStatusIsTheClients() {
    server.onReview(
        "/no",
        request ->
            Obj.root(
                Obj.tree("allowed", false, "status", Obj.tree("code", 418L, "reason", "Teapot"))));
    hook("validating", "no", "/no", rules("CREATE", "configmaps"));
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}"))
        .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.code()).isEqualTo(418))
        .hasMessage("admission webhook \"no.kapell.test\" denied the request: Teapot");
  }

  @Test
  void patchesOfSeveralHooksAddUpAndAreDefaultedAndPruned() {
    mutating("a", add("one", "1"), "");
    mutating("b", add("two", "2"), "");
    server.onReview(
        "/pod",
        request ->
            OutsideServer.patch(
                "[{\"op\":\"add\",\"path\":\"/spec/initContainers\",\"value\":[{\"name\":\"i\","
                    + "\"image\":\"x:1\",\"nonsense\":1}]}]"));
    hook("mutating", "pod", "/pod", rules("CREATE", "pods"));
    Obj map = api.at(MAPS).create("{metadata: {name: a}, data: {zero: \"0\"}}");
    assertThat(map.strings("data")).containsOnlyKeys("zero", "one", "two");
    Obj init =
        api.at("v1/pods").create(Api.pod("p")).child("spec").items("initContainers").getFirst();
    assertThat(init.text("terminationMessagePolicy")).isEqualTo("File");
    assertThat(init.has("nonsense")).isFalse();
  }

  @Test
  void aHookIsAskedAgainWhenALaterOneChangedTheObjectAndItWantsThat() {
    mutating("a", add("a", "1"), "reinvocationPolicy: IfNeeded");
    mutating("b", add("b", "1"), "reinvocationPolicy: Never");
    api.at(MAPS).create("{metadata: {name: m}, data: {zero: \"0\"}}");
    assertThat(server.asked).hasSize(3);
    assertThat(server.last().child("request").child("object").strings("data")).containsKey("b");
  }

  @Test
  void deletionsShowTheOldObjectAndCanBeRefusedByBothKinds() {
    api.at(MAPS).create("metadata: {name: a, labels: {keep: \"true\"}}");
    server.onReview("/no", request -> OutsideServer.deny("stays"));
    hook(
        "validating",
        "no",
        "/no",
        rules("DELETE", "configmaps") + "\nobjectSelector: {matchLabels: {keep: \"true\"}}");
    assertThatThrownBy(() -> api.at(MAPS).delete("a")).hasMessageContaining("stays");
    Obj request = server.last().child("request");
    assertThat(request.has("object")).isFalse();
    assertThat(request.child("oldObject").child("metadata").text("name")).isEqualTo("a");
    assertThatThrownBy(() -> api.at(MAPS).deleteAll()).hasMessageContaining("stays");
    api.at("admissionregistration.k8s.io/v1/validatingwebhookconfigurations").delete("no");
    hook("mutating", "no", "/no", rules("DELETE", "configmaps"));
    assertThatThrownBy(() -> api.at(MAPS).delete("a")).hasMessageContaining("stays");
  }

  @Test
  void conversationsAreAskedAboutAsConnections() {
    api.at("v1/pods").create(Api.pod("p"));
    server.onReview("/no", request -> OutsideServer.deny("attaching is not allowed"));
    hook("validating", "no", "/no", rules("CONNECT", "pods/attach"));
    assertThatThrownBy(
            () ->
                api.at("v1/pods")
                    .sub("attach")
                    .with("stdin", "true")
                    .with("container", "main")
                    .ask(Verb.GET, "p", RequestBody.NONE))
        .hasMessageContaining("attaching is not allowed");
    Obj request = server.last().child("request");
    assertThat(request.text("operation")).isEqualTo("CONNECT");
    assertThat(request.text("subResource")).isEqualTo("attach");
    assertThat(request.child("object").text("kind")).isEqualTo("PodAttachOptions");
    assertThat(request.child("object").flag("stdin")).isTrue();
    assertThat(api.at("v1/pods").sub("log").ask(Verb.GET, "p", RequestBody.NONE))
        .as("logs are read, and reads are not admitted")
        .isInstanceOf(Answer.Connect.class);
  }

  @ParameterizedTest(name = "{0} hook without an answer: {2}")
  @CsvSource({
    "/missing, Fail, the server could not find the requested resource",
    "/nonsense, Fail, received invalid webhook response",
    "/otheruid, Fail, expected response.uid",
    "/missing, Ignore, ",
  })
  void whatHappensWithoutAnAnswerIsThePolicys(String path, String policy, String complaint) {
    server.on("/nonsense", review -> Obj.root(Obj.tree("kind", "Nonsense")));
    server.on(
        "/otheruid",
        review ->
            Obj.root(
                Obj.tree(
                    "apiVersion",
                    "admission.k8s.io/v1",
                    "kind",
                    "AdmissionReview",
                    "response",
                    OutsideServer.allow().put("uid", "another").map())));
    hook("validating", "gone", path, rules("CREATE", "configmaps") + "\nfailurePolicy: " + policy);
    if (policy.equals("Ignore")) {
      assertThat(api.at(MAPS).create("metadata: {name: a}").map()).isNotEmpty();
    } else {
      assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}"))
          .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.code()).isEqualTo(500))
          .hasMessageContaining("failed calling webhook \"gone.kapell.test\": ")
          .hasMessageContaining(complaint);
    }
  }

  @Test
  void aHookThatHangsIsLeftAfterItsTime() {
    CountDownLatch release = new CountDownLatch(1);
    server.onReview(
        "/slow",
        request -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return OutsideServer.allow();
        });
    hook("mutating", "slow", "/slow", rules("CREATE", "configmaps") + "\ntimeoutSeconds: 1");
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}"))
        .hasMessageContaining("/slow?timeout=1s\": context deadline exceeded");
    release.countDown();
  }

  @Test
  void aServerWhoseAuthorityNobodyVouchesForIsNotBelieved() {
    server.onReview("/yes", request -> OutsideServer.allow());
    api.at("admissionregistration.k8s.io/v1/validatingwebhookconfigurations")
        .create(
            """
            metadata: {name: strange}
            webhooks:
            - name: strange.kapell.test
              clientConfig: {url: "https://127.0.0.1:%d/yes"}
              sideEffects: None
              admissionReviewVersions: [v1]
              %s
            """
                .formatted(server.port(), rules("CREATE", "configmaps")));
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}"))
        .hasMessageContaining("failed calling webhook \"strange.kapell.test\"");
    assertThat(server.asked).isEmpty();
  }

  /** Past the API, which takes no address on this very machine. */
  private void storeEndpoint(String service, int port) throws InterruptedException {
    byte[] slice =
        Api.yaml(
                """
                metadata:
                  {name: %1$s-1, namespace: default, labels: {kubernetes.io/service-name: %1$s}}
                addressType: IPv4
                ports: [{name: https, port: %2$d}]
                endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
                """
                    .formatted(service, port))
            .bytes();
    Key key = new Key("discovery.k8s.io/endpointslices", "default/" + service + "-1");
    api.store.write(List.of(new Op.Put(key, slice, Op.ABSENT, -1)));
  }

  @Test
  void aServiceLeadsToItsEndpointUnderItsOwnName() throws InterruptedException {
    server.onReview("/yes", request -> OutsideServer.deny("asked through the service"));
    api.at("v1/services")
        .create(
            "{metadata: {name: hook}, spec: {selector: {a: b}, ports: [{port: 443, name:"
                + " https}]}}");
    storeEndpoint("hook", server.port());
    api.at("admissionregistration.k8s.io/v1/validatingwebhookconfigurations")
        .create(
            """
            metadata: {name: svc}
            webhooks:
            - name: svc.kapell.test
              clientConfig:
                service: {namespace: default, name: hook, path: /yes}
                caBundle: %s
              sideEffects: None
              admissionReviewVersions: [v1beta1, v1]
              %s
            """
                .formatted(server.caBundle(), rules("CREATE", "configmaps")));
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}"))
        .hasMessageContaining("asked through the service");
    assertThat(server.last().text("apiVersion")).isEqualTo("admission.k8s.io/v1beta1");
    api.at("v1/services").delete("hook");
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}"))
        .hasMessageContaining(
            "Post \"https://hook.default.svc:443/yes?timeout=10s\": services \"hook\" not found");
  }

  @Test
  void namespacesOutsideTheSelectorAreLeftAlone() {
    server.onReview("/no", request -> OutsideServer.deny("no"));
    api.at("v1/namespaces").create("metadata: {name: free, labels: {skip: \"yes\"}}");
    hook(
        "validating",
        "no",
        "/no",
        rules("CREATE", "configmaps, namespaces")
            + "\n"
            + "namespaceSelector: {matchExpressions: [{key: skip, operator: NotIn, values:"
            + " [\"yes\"]}]}");
    assertThat(api.at(MAPS).in("free").create("metadata: {name: a}").map()).isNotEmpty();
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}")).hasMessageContaining("no");
    assertThat(
            api.at("v1/namespaces").create("metadata: {name: too, labels: {skip: \"yes\"}}").map())
        .as("of a namespace itself, its own labels count")
        .isNotEmpty();
    assertThatThrownBy(() -> api.at("v1/namespaces").create("metadata: {name: other}"))
        .hasMessageContaining("no");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"Equivalent, 1", "Exact, 0"})
  void anEquivalentVersionCountsUnlessTheExactOneIsAskedFor(String policy, int times) {
    server.onReview("/look", request -> OutsideServer.allow());
    hook(
        "validating",
        "look",
        "/look",
        """
        matchPolicy: %s
        rules: [{operations: [CREATE], apiGroups: [autoscaling], apiVersions: [v1], resources: [horizontalpodautoscalers]}]
        """
            .formatted(policy)
            .strip());
    api.at("autoscaling/v2/horizontalpodautoscalers")
        .create(
            """
            metadata: {name: h}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}
              maxReplicas: 3
              metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
            """);
    assertThat(server.asked).hasSize(times);
    if (times > 0) {
      Obj request = server.last().child("request");
      assertThat(request.child("kind").text("version")).isEqualTo("v1");
      assertThat(request.child("requestKind").text("version")).isEqualTo("v2");
      assertThat(request.child("object").text("apiVersion")).isEqualTo("autoscaling/v1");
      assertThat(request.child("object").child("spec").number("targetCPUUtilizationPercentage", 0))
          .isEqualTo(50);
    }
  }

  @Test
  void aDryRunReachesOnlyHooksWithoutSideEffects() {
    server.onReview("/yes", request -> OutsideServer.allow());
    hook("validating", "yes", "/yes", rules("CREATE", "configmaps"));
    api.at(MAPS).with("dryRun", "All").create("metadata: {name: a}");
    assertThat(server.last().child("request").flag("dryRun")).isTrue();
  }

  @Test
  void warningsReachTheClient() {
    server.onReview(
        "/warn", request -> OutsideServer.allow().put("warnings", List.of("mind the gap")));
    hook("validating", "warn", "/warn", rules("CREATE", "configmaps"));
    assertThat(api.at(MAPS).raw(Verb.CREATE, "", Api.yaml("metadata: {name: a}")).warnings())
        .contains("mind the gap");
  }

  @Test
  void configurationsThemselvesAreNobodysBusiness() {
    server.onReview("/no", request -> OutsideServer.deny("no"));
    hook("validating", "all", "/no", rules("'*'", "'*/*'"));
    hook("mutating", "all", "/no", rules("'*'", "'*/*'"));
    assertThatThrownBy(() -> api.at(MAPS).create("metadata: {name: a}")).hasMessageContaining("no");
    api.at("admissionregistration.k8s.io/v1/validatingwebhookconfigurations").delete("all");
    api.at("admissionregistration.k8s.io/v1/mutatingwebhookconfigurations").delete("all");
    assertThat(api.at(MAPS).create("metadata: {name: a}").map()).isNotEmpty();
  }

  @Test
  void anEmptyPathOfAServiceIsNone() {
    String yaml =
        """
        metadata: {name: x}
        webhooks:
        - name: a.kapell.test
          clientConfig: {service: {name: a, namespace: b, path: ""}}
          sideEffects: None
          admissionReviewVersions: [v1]
        """;
    api.at("admissionregistration.k8s.io/v1/validatingwebhookconfigurations").create(yaml);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "name: short | webhooks[0].name: Invalid value: \"short\": should be a domain with at least"
            + " three segments separated by dots",
        "sideEffects: Some | webhooks[0].sideEffects: Unsupported value: \"Some\": supported"
            + " values: \"None\", \"NoneOnDryRun\"",
        "timeoutSeconds: 31 | webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must"
            + " be between 1 and 30 seconds",
        "admissionReviewVersions: [v2] | webhooks[0].admissionReviewVersions: Invalid value:"
            + " [\"v2\"]: must include at least one of v1, v1beta1",
        "admissionReviewVersions: [v1, v1] | webhooks[0].admissionReviewVersions[1]: Duplicate"
            + " value: \"v1\"",
        "clientConfig: {} | webhooks[0].clientConfig: Required value: exactly one of url or service"
            + " is required",
        "clientConfig: {url: \"http://a.b/\"} | 'https' is the only allowed URL scheme; desired"
            + " format: https://host[/path]",
        "clientConfig: {url: \"https://u@a.b/\"} | user information is not permitted in the URL",
        "clientConfig: {service: {name: a, namespace: b, path: x}} |"
            + " webhooks[0].clientConfig.service.path: Invalid value: \"x\": must start with a '/'",
        "clientConfig: {service: {name: a, namespace: b, port: 70000}} |"
            + " webhooks[0].clientConfig.service.port",
        "rules: [{operations: [CREATE, \"*\"], apiGroups: [a], apiVersions: [v1], resources: [x]}]"
            + " | if '*' is present, must not specify other operations",
        "rules: [{operations: [PATCH], apiGroups: [a], apiVersions: [v1], resources: [x]}] |"
            + " webhooks[0].rules[0].operations[0]: Unsupported value: \"PATCH\"",
        "rules: [{operations: [CREATE], apiGroups: [a], apiVersions: [v1], resources: [\"*/*\","
            + " x]}] | if '*/*' is present, must not specify other resources",
        "failurePolicy: Shrug | webhooks[0].failurePolicy: Unsupported value",
        "matchPolicy: Loose | webhooks[0].matchPolicy: Unsupported value",
      })
  void configurationsAreChecked(String field, String complaint) {
    String good =
        """
        name: a.kapell.test
          clientConfig: {url: "https://hook.kapell.test/"}
          sideEffects: None
          admissionReviewVersions: [v1]
        """;
    String key = field.substring(0, field.indexOf(':') + 1);
    StringBuilder webhook = new StringBuilder();
    good.lines()
        .filter(line -> !line.strip().startsWith(key))
        .forEach(line -> webhook.append("  ").append(line.strip()).append('\n'));
    String yaml = "metadata: {name: x}\nwebhooks:\n-\n" + webhook + "  " + field + "\n";
    assertThatThrownBy(
            () ->
                api.at("admissionregistration.k8s.io/v1/validatingwebhookconfigurations")
                    .create(yaml))
        .hasMessageContaining(complaint);
  }
}
