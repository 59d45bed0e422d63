package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.OutsideServer;
import dev.kapell.apiserver.audit.AuditOptions;
import dev.kapell.apiserver.audit.Policy;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.tree.Obj;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in the log after requests over HTTPS. */
class AuditTest {
  private static final String JSON = "application/json";
  private static final String SECRET =
      "{\"metadata\":{\"generateName\":\"db-\"},\"stringData\":{\"password\":\"swordfish\"}}";

  @TempDir private Path folder;

  private interface Requests {
    void send(Served served) throws Exception;
  }

  private List<Obj> events(String policy, Requests requests) throws Exception {
    AuditOptions options = AuditOptions.to(folder.resolve("audit.log"));
    if (!policy.isEmpty()) {
      Path file = folder.resolve("policy.yaml");
      Files.writeString(file, "apiVersion: audit.k8s.io/v1\nkind: Policy\n" + policy);
      options = options.with(Policy.read(file));
    }
    try (Served served =
        new Served(folder.resolve("keys"), Operations.defaults().withAudit(options))) {
      requests.send(served);
    }
    return Files.readAllLines(folder.resolve("audit.log")).stream().map(AuditTest::tree).toList();
  }

  private static Obj tree(String line) {
    return Obj.root(Wire.parse(line.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theBuiltInPolicyTellsWhoCreatedASecretAndNothingOfIt() throws Exception {
    List<Obj> events =
        events(
            "",
            served -> {
              served.post("/api/v1/namespaces/default/secrets", JSON, SECRET);
              served.get("/api/v1/namespaces/default/pods");
              served.get("/api/v1/namespaces/default/secrets");
            });
    assertThat(events).hasSize(2);
    Obj event = events.getFirst();
    assertThat(event.text("kind")).isEqualTo("Event");
    assertThat(event.text("apiVersion")).isEqualTo("audit.k8s.io/v1");
    assertThat(event.text("level")).isEqualTo("Metadata");
    assertThat(event.text("stage")).isEqualTo("ResponseComplete");
    assertThat(event.text("verb")).isEqualTo("create");
    assertThat(event.text("requestURI")).isEqualTo("/api/v1/namespaces/default/secrets");
    assertThat(event.child("user").text("username")).isEqualTo("kubernetes-admin");
    assertThat(event.child("objectRef").text("resource")).isEqualTo("secrets");
    assertThat(event.child("objectRef").text("namespace")).isEqualTo("default");
    assertThat(event.child("objectRef").text("name")).startsWith("db-");
    assertThat(event.child("responseStatus").number("code", 0)).isEqualTo(201);
    assertThat(event.text("requestReceivedTimestamp")).matches("20..-..-..T..:..:..\\.\\d{6}Z");
    assertThat(event.has("requestObject") || event.has("responseObject")).isFalse();
    assertThat(Files.readString(folder.resolve("audit.log")))
        .doesNotContain("swordfish", "c3dvcmRmaXNo");
    assertThat(events.get(1).text("verb")).isEqualTo("list");
  }

  @Test
  void noPolicyWritesDownASecretOrAToken() throws Exception {
    String secrets = "/api/v1/namespaces/default/secrets";
    String named =
        "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {password: swordfish}}";
    String token = "{\"spec\":{\"audiences\":[\"kapell\"]}}";
    List<String> issued = new java.util.ArrayList<>();
    List<Obj> events =
        events(
            "rules: [{level: RequestResponse}]",
            served -> {
              served.post(secrets, JSON, SECRET);
              change(served, secrets + "/a?fieldManager=m", "application/apply-patch+yaml", named);
              change(
                  served,
                  secrets + "/a",
                  "application/merge-patch+json",
                  "{\"stringData\":{\"password\":\"swordfish\"}}");
              change(
                  served,
                  secrets + "/a",
                  "application/json-patch+json",
                  "[{\"op\":\"add\",\"path\":\"/stringData\",\"value\":{\"p\":\"swordfish\"}}]");
              served.send(
                  served
                      .to(secrets + "/a")
                      .header("Content-Type", "application/yaml")
                      .PUT(HttpRequest.BodyPublishers.ofString(named)));
              served.get(secrets);
              served.get("/api/v1/secrets");
              served.get(secrets + "/a");
              served.post(
                  "/api/v1/namespaces/default/serviceaccounts",
                  JSON,
                  "{\"metadata\":{\"name\":\"b\"}}");
              String answer =
                  served
                      .post("/api/v1/namespaces/default/serviceaccounts/b/token", JSON, token)
                      .body();
              issued.add(answer.replaceAll("(?s).*\"token\":\"([^\"]+)\".*", "$1"));
              served.post(
                  "/apis/authentication.k8s.io/v1/tokenreviews",
                  JSON,
                  "{\"spec\":{\"token\":\"" + issued.getFirst() + "\"}}");
              served.send(served.to(secrets).DELETE());
            });
    assertThat(events).hasSizeGreaterThan(11);
    assertThat(issued.getFirst()).startsWith("ey");
    assertThat(Files.readString(folder.resolve("audit.log")))
        .contains("\"b\"", "deletecollection")
        .doesNotContain("swordfish", "c3dvcmRmaXNo", issued.getFirst());
  }

  @Test
  void aSecretThatWentAstrayIsNotWrittenDownEither() throws Exception {
    String config = "/api/v1/namespaces/default/configmaps";
    String secret =
        "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {password: swordfish}}";
    String yaml = "application/yaml";
    List<Obj> events =
        events(
            "rules: [{level: RequestResponse}]",
            served -> {
              served.post(config, yaml, secret);
              served.post(config, yaml, "{kind: List, apiVersion: v1, items: [" + secret + "]}");
              served.post("/api/v1/namespaces/default/Secrets", yaml, secret);
              served.post("/apis/example.com/v1/namespaces/default/things", yaml, secret);
              change(
                  served,
                  config + "/a",
                  "application/json-patch+json",
                  "[{\"op\":\"add\",\"path\":\"\",\"value\":{\"kind\":\"Secret\",\"stringData\":{\"a\":\"swordfish\"}}}]");
            });
    assertThat(events).hasSizeGreaterThan(4);
    assertThat(Files.readString(folder.resolve("audit.log"))).doesNotContain("swordfish");
  }

  @Test
  void refusalsAndNotesDoNotQuoteASecret() throws Exception {
    String policy =
        """
        {metadata: {name: quotes}, spec: {failurePolicy: Fail, matchConstraints: {resourceRules: [
          {apiGroups: [''], apiVersions: [v1], resources: [secrets, configmaps], operations: [CREATE]}]},
          validations: [{expression: 'false', messageExpression: "'quoted ' + string(object.data.a)"}],
          auditAnnotations: [{key: seen, valueExpression: "'noted ' + string(object.data.a)"}]}}
        """;
    String binding =
        "{metadata: {name: quotes}, spec: {policyName: quotes, validationActions: [Deny, Audit]}}";
    String path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic";
    String secrets = "/api/v1/namespaces/default/secrets";
    String yaml = "application/yaml";
    List<String> answers = new java.util.ArrayList<>();
    List<Obj> events =
        events(
            "rules: [{level: RequestResponse, resources: [{group: '', resources: [secrets]}]}]",
            served -> {
              served.post(path + "ies", yaml, policy);
              served.post(path + "ybindings", yaml, binding);
              do {
                answers.add(
                    served
                        .post(
                            secrets, yaml, "{metadata: {generateName: a}, data: {a: c3dvcmRmaXNo}}")
                        .body());
              } while (!answers.getLast().contains("quoted"));
              served.post(secrets, yaml, "{metadata: {name: b}, data: swordfish}");
              served.post(secrets, yaml, "{metadata: {name: b}, data: {a: 'swordfish!'}}");
              served.post(
                  secrets, yaml, "{metadata: {name: b}, type: swordfish, data: {'a b': x}}");
              served.post(secrets, JSON, "{swordfish");
            });
    assertThat(events.stream().map(event -> event.child("responseStatus").number("code", 0)))
        .contains(400L, 422L);
    assertThat(Files.readString(folder.resolve("audit.log")))
        .contains("left out: it may quote a secret")
        .doesNotContain("swordfish", "c3dvcmRmaXNo");
  }

  @Test
  void callsOfWebhooksAreNoted() throws Exception {
    String hook =
        """
        {metadata: {name: %1$s}, webhooks: [{name: %1$s.kapell.test, sideEffects: None, failurePolicy: Ignore,
          admissionReviewVersions: [v1], clientConfig: %2$s,
          rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}]}]}
        """;
    String path = "/apis/admissionregistration.k8s.io/v1/";
    String yaml = "application/yaml";
    String patch = "[{\"op\":\"add\",\"path\":\"/data\",\"value\":{\"a\":\"b\"}}]";
    try (OutsideServer outside = new OutsideServer(folder.resolve("outside"))) {
      outside.onReview("/change", request -> OutsideServer.patch(patch));
      List<Obj> events =
          events(
              "rules: [{level: Request, resources: [{group: '', resources: [configmaps]}]}]",
              served -> {
                String gone = outside.client("/gone");
                served.post(
                    path + "mutatingwebhookconfigurations", yaml, hook.formatted("a", gone));
                served.post(
                    path + "mutatingwebhookconfigurations",
                    yaml,
                    hook.formatted("b", outside.client("/change")));
                served.post(
                    path + "validatingwebhookconfigurations", yaml, hook.formatted("c", gone));
                served.post("/api/v1/namespaces/default/configmaps", yaml, "{metadata: {name: m}}");
              });
      String suffix = ".webhook.admission.k8s.io/round_0_index_";
      assertThat(events.getLast().strings("annotations"))
          .containsEntry("failed-open.mutation" + suffix + 0, "a.kapell.test")
          .containsEntry(
              "mutation" + suffix + 0,
              "{\"configuration\":\"a\",\"webhook\":\"a.kapell.test\",\"mutated\":false}")
          .containsEntry(
              "mutation" + suffix + 1,
              "{\"configuration\":\"b\",\"webhook\":\"b.kapell.test\",\"mutated\":true}")
          .containsEntry(
              "patch" + suffix + 1,
              "{\"configuration\":\"b\",\"webhook\":\"b.kapell.test\",\"patch\":"
                  + patch
                  + ",\"patchType\":\"JSONPatch\"}")
          .containsEntry("failed-open.validating" + suffix + 0, "c.kapell.test");
    }
  }

  private static void change(Served served, String path, String mediaType, String body)
      throws Exception {
    served.send(
        served
            .to(path)
            .header("Content-Type", mediaType)
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void podSecurityTellsWhatItFound() throws Exception {
    List<Obj> events =
        events(
            "rules: [{level: Metadata}]",
            served -> {
              served.post(
                  "/api/v1/namespaces",
                  "application/yaml",
                  "{metadata: {name: n, labels: {pod-security.kubernetes.io/enforce: baseline,"
                      + " pod-security.kubernetes.io/audit: restricted}}}");
              served.post(
                  "/api/v1/namespaces/n/serviceaccounts",
                  "application/yaml",
                  "{metadata: {name: default}}");
              served.post(
                  "/api/v1/namespaces/n/pods",
                  "application/yaml",
                  "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}");
            });
    Obj notes = events.getLast().child("annotations");
    assertThat(notes.text("pod-security.kubernetes.io/enforce-policy"))
        .isEqualTo("baseline:latest");
    assertThat(notes.text("pod-security.kubernetes.io/audit-violations"))
        .startsWith("would violate PodSecurity \"restricted:latest\": ");
    assertThat(notes.map()).containsKey("authorization.k8s.io/reason");
  }

  @Test
  void refusalsTellWhyAndImpersonationAsWhom() throws Exception {
    List<Obj> events =
        events(
            "rules: [{level: Metadata}]",
            served ->
                served.send(
                    served
                        .to("/api/v1/namespaces/default/secrets/x")
                        .header("Audit-ID", "mine")
                        .header("User-Agent", "tester/1")
                        .header("Impersonate-User", "ann")));
    Obj event = events.getLast();
    assertThat(event.text("auditID")).isEqualTo("mine");
    assertThat(event.text("userAgent")).isEqualTo("tester/1");
    assertThat(event.child("user").text("username")).isEqualTo("kubernetes-admin");
    assertThat(event.child("impersonatedUser").text("username")).isEqualTo("ann");
    assertThat(event.child("responseStatus").number("code", 0)).isEqualTo(403);
    assertThat(event.child("responseStatus").text("reason")).isEqualTo("Forbidden");
    assertThat(event.child("responseStatus").text("message")).contains("cannot get resource");
    assertThat(event.child("annotations").text("authorization.k8s.io/decision"))
        .isEqualTo("forbid");
  }

  @Test
  void objectsAreWrittenAtTheLevelsThatAskForThem() throws Exception {
    String map = "{\"metadata\":{\"name\":\"a\"},\"data\":{\"colour\":\"blue\"}}";
    List<Obj> events =
        events(
            """
            omitStages: [RequestReceived]
            omitManagedFields: true
            rules:
            - level: RequestResponse
              verbs: [create, list]
            - level: Request
            """,
            served -> {
              served.post("/api/v1/namespaces/default/configmaps", JSON, map);
              served.get("/api/v1/namespaces/default/configmaps");
              served.send(
                  served
                      .to("/api/v1/namespaces/default/configmaps/a?fieldManager=me")
                      .header("Content-Type", "application/apply-patch+yaml")
                      .method(
                          "PATCH",
                          HttpRequest.BodyPublishers.ofString(
                              "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {size:"
                                  + " l}}")));
            });
    Obj create = events.getFirst();
    assertThat(create.child("requestObject").child("data").text("colour")).isEqualTo("blue");
    Obj answer = create.child("responseObject");
    assertThat(answer.child("data").text("colour")).isEqualTo("blue");
    assertThat(answer.child("metadata").text("uid")).isNotEmpty();
    assertThat(answer.child("metadata").has("managedFields")).isFalse();
    assertThat(events.get(1).child("responseObject").text("kind")).isEqualTo("ConfigMapList");
    Obj patch = events.get(2);
    assertThat(patch.child("requestObject").child("data").text("size")).isEqualTo("l");
    assertThat(patch.has("responseObject")).isFalse();
  }

  @Test
  void aWatchIsWrittenWhenItBeginsAndWhenItEnds() throws Exception {
    List<Obj> events =
        events(
            "rules: [{level: Metadata, verbs: [watch]}]",
            served -> served.get("/api/v1/namespaces/default/pods?watch=1&timeoutSeconds=1"));
    assertThat(events.stream().map(event -> event.text("stage")))
        .containsExactly("RequestReceived", "ResponseStarted", "ResponseComplete");
  }
}
