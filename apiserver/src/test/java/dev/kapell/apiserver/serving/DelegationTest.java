package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.apiserver.access.Access;
import dev.kapell.apiserver.access.AuthorizerFile;
import dev.kapell.apiserver.delegation.TokenWebhook;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.apiserver.tree.Settings;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another server is asked who somebody is and what they may. */
class DelegationTest {
  @TempDir static Path keys;
  @TempDir static Path files;
  private static HttpServer reviewer;
  private static Served served;

  /** Every question that came, with what showed who asks. */
  private static final List<String> ASKED = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    ClusterPki pki = ClusterPki.open(files.resolve("pki"), Clock.system(), Randomness.secure());
    reviewer =
        HttpServer.start(
            "reviewer",
            ServerOptions.at("127.0.0.1", 0)
                .with(pki.server(List.of("reviewer.example")).trusting(pki.caPem())),
            DelegationTest::answer);
    Files.writeString(files.resolve("ca.crt"), pki.caPem());
    Files.writeString(files.resolve("token"), "let-me-in\n");
    kubeconfig("access", "/access");
    kubeconfig("tokens", "/tokens?a=b");
    kubeconfig("gone", "/gone");
    String configuration =
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AuthorizationConfiguration
        authorizers:
        - type: Webhook
          name: first.example
          webhook:
            timeout: 3s
            subjectAccessReviewVersion: v1
            matchConditionSubjectAccessReviewVersion: v1
            failurePolicy: Deny
            connectionInfo: {type: KubeConfigFile, kubeConfigFile: %1$s/access}
            matchConditions:
            - expression: "!('system:masters' in request.groups)"
            - expression: request.user.startsWith('web-')
        - type: Webhook
          name: broken
          webhook:
            timeout: 3s
            subjectAccessReviewVersion: v1
            matchConditionSubjectAccessReviewVersion: v1
            failurePolicy: NoOpinion
            connectionInfo: {type: KubeConfigFile, kubeConfigFile: %1$s/gone}
            matchConditions:
            - expression: request.user == 'lost'
        - {type: Node, name: node}
        - {type: RBAC, name: rbac}
        """
            .formatted(files);
    Path file = Files.writeString(files.resolve("authorization.yaml"), configuration);
    served =
        new Served(
            keys,
            Operations.defaults()
                .withAccess(
                    Access.DEFAULT
                        .withAuthorizers(AuthorizerFile.read(file))
                        .withTokenWebhook(
                            TokenWebhook.read(
                                files.resolve("tokens"), "v1", Duration.ofMinutes(2)))));
  }

  private static void kubeconfig(String name, String path) throws IOException {
    Files.writeString(
        files.resolve(name),
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: reviewer
          cluster:
            server: https://127.0.0.1:%d%s
            tls-server-name: reviewer.example
            certificate-authority: ca.crt
        users: [{name: kapell, user: {tokenFile: token}}]
        contexts: [{name: only, context: {cluster: reviewer, user: kapell}}]
        current-context: only
        """
            .formatted(reviewer.port(), path));
  }

  @AfterAll
  static void stop() {
    served.close();
    reviewer.close();
  }

  @BeforeEach
  void forget() {
    ASKED.clear();
  }

  private static void answer(Exchange exchange) throws Exception {
    String question = new String(exchange.body(), StandardCharsets.UTF_8);
    ASKED.add(exchange.headers().first("Authorization").orElse("") + " " + question);
    String status =
        switch (exchange.path()) {
          case "/tokens" ->
              question.contains("good-token")
                  ? "{\"authenticated\":true,\"user\":{\"username\":\"web-ann\",\"uid\":\"7\","
                      + "\"groups\":[\"dev\"],\"extra\":{\"scopes\":[\"a\"]}}}"
                  : "{\"authenticated\":false,\"error\":\"unknown\"}";
          case "/access" ->
              question.contains("\"verb\":\"get\"") || question.contains("fieldSelector")
                  ? "{\"allowed\":true,\"reason\":\"because\"}"
                  : question.contains("\"verb\":\"delete\"")
                      ? "{\"allowed\":false,\"denied\":true,\"reason\":\"never\"}"
                      : question.contains("\"verb\":\"patch\"")
                          ? "{\"allowed\":true,\"denied\":true}"
                          : "{\"allowed\":false,\"reason\":\"not mine\"}";
          default -> "";
        };
    exchange.respond(
        status.isEmpty() ? 500 : 201,
        Headers.contentType("application/json"),
        ("{\"status\":" + status + "}").getBytes(StandardCharsets.UTF_8));
  }

  private static String review(String spec) throws Exception {
    return served
        .post(
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            "application/yaml",
            "{spec: " + spec + "}")
        .body();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web-a  | get    | \"allowed\":true,\"reason\":\"because\"",
        "web-a  | delete | \"allowed\":false,\"denied\":true,\"reason\":\"never\"",
        "web-a  | create | \"allowed\":false,\"reason\":\"not mine\"",
        "web-a  | patch  | \"denied\":true,\"evaluationError\":\"webhook subject access review"
            + " returned both allow and deny response\"",
        "lost   | get    | prevented the request from succeeding",
        "others | get    | \"allowed\":false}",
      })
  void theServerDecidesWhereItsConditionsHold(String user, String verb, String expected)
      throws Exception {
    assertThat(
            review(
                "{user: %s, resourceAttributes: {verb: %s, resource: pods}}".formatted(user, verb)))
        .contains(expected);
  }

  @Test
  void aQuestionTellsAllAndIsAskedOnce() throws Exception {
    String question =
        "{user: web-b, uid: '9', groups: [g], extra: {k: [v]}, resourceAttributes: {verb: list,"
            + " group: apps, version: v1, resource: deployments, namespace: n, labelSelector:"
            + " {requirements: [{key: app, operator: In, values: [a, b]}]}, fieldSelector:"
            + " {rawSelector: metadata.name=x}}}";
    assertThat(review(question)).contains("\"allowed\":true");
    assertThat(review(question)).contains("\"allowed\":true");
    assertThat(ASKED)
        .singleElement()
        .asString()
        .startsWith("Bearer let-me-in {")
        .contains(
            "\"apiVersion\":\"authorization.k8s.io/v1\"",
            "\"namespace\":\"n\"",
            "\"fieldSelector\":{\"requirements\":[{\"key\":\"metadata.name\",\"operator\":\"In\","
                + "\"values\":[\"x\"]}]}",
            "\"labelSelector\":{\"requirements\":[{\"key\":\"app\",\"operator\":\"In\","
                + "\"values\":[\"a\",\"b\"]}]}",
            "\"user\":\"web-b\"",
            "\"groups\":[\"g\"]",
            "\"extra\":{\"k\":[\"v\"]}",
            "\"uid\":\"9\"")
        .doesNotContain("subresource");
  }

  private static HttpResponse<String> with(String token, String path) throws Exception {
    return served.asNobody(served.to(path).header("Authorization", "Bearer " + token));
  }

  @Test
  void aTokenThatOnlyTheServerKnowsIsGoodAndItsUserJudgedThere() throws Exception {
    assertThat(with("good-token", "/api/v1/namespaces/default/pods").statusCode()).isEqualTo(403);
    assertThat(with("good-token", "/api/v1/nodes/n1").statusCode()).isEqualTo(404);
    assertThat(with("good-token", "/api/v1/nodes/n1").statusCode()).isEqualTo(404);
    assertThat(ASKED.stream().filter(asked -> asked.contains("TokenReview")))
        .singleElement()
        .asString()
        .contains("\"token\":\"good-token\"", "\"audiences\":[");
    assertThat(with("bad-token", "/version").statusCode()).isEqualTo(401);
    assertThat(with("bad-token", "/version").statusCode()).isEqualTo(401);
    assertThat(ASKED.stream().filter(asked -> asked.contains("bad-token"))).hasSize(1);
    HttpRequest.Builder who =
        served
            .to("/apis/authentication.k8s.io/v1/tokenreviews")
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString("{spec: {token: good-token}}"));
    assertThat(served.send(who).body())
        .contains("\"username\":\"web-ann\"", "\"uid\":\"7\"", "\"scopes\":[\"a\"]");
  }

  @Test
  void aListOfRightsSaysThatThereMayBeMore() throws Exception {
    assertThat(
            served
                .post(
                    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                    "application/yaml",
                    "{spec: {namespace: default}}")
                .body())
        .contains(
            "\"incomplete\":true", "webhook authorizer does not support user rule resolution");
  }

  @Test
  void whenNobodyCanTellTheAnswerIsAnError() throws Exception {
    HttpResponse<String> answer =
        served.send(served.to("/api/v1/nodes").header("Impersonate-User", "lost"));
    assertThat(answer.statusCode()).isEqualTo(500);
  }

  private static final String WEBHOOK =
      "timeout: 3s, subjectAccessReviewVersion: v1, failurePolicy: Deny, connectionInfo: {type:"
          + " KubeConfigFile, kubeConfigFile: FILE}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|authorizers at least one authorization mode must be defined",
        "[{type: RBAC}]|authorizers[0].name is required",
        "[{type: RBAC, name: Upper}]|authorizers[0].name must be lower-case",
        "[{type: RBAC, name: a}, {type: Node, name: a}]|authorizers[1].name is there twice: a",
        "[{type: RBAC, name: a}, {type: RBAC, name: b}]|authorizers[1].type is there twice: RBAC",
        "[{name: a}]|authorizers[0].type is required",
        "[{type: Magic, name: a}]|authorizers[0].type must be Node, RBAC, Webhook",
        "[{type: ABAC, name: a}]|authorizers[0].type ABAC is not served: use RBAC",
        "[{type: RBAC, name: a, webhook: {}}]|authorizers[0].webhook may only be specified when",
        "[{type: Webhook, name: a}]|authorizers[0].webhook is required when type=Webhook",
        "[{type: RBAC, name: a, more: 1}]|authorizers[0].more is not a known field",
        "[{type: Webhook, name: a, webhook: {WEBHOOK, timeout: 31s}}]|timeout",
        "[{type: Webhook, name: a, webhook: {subjectAccessReviewVersion:"
            + " v1}}]|authorizers[0].webhook.timeout is required",
        "[{type: Webhook, name: a, webhook: {timeout: 31s}}]|webhook.timeout must be <= 30s",
        "[{type: Webhook, name: a, webhook: {timeout: 3}}]|webhook.timeout must be a text",
        "[{type: Webhook, name: a, webhook: {timeout: 3 s}}]|timeout must be a span of time",
        "[{type: Webhook, name: a, webhook: {timeout: 3s, authorizedTTL: 0s}}]|authorizedTTL must"
            + " be > 0s",
        "[{type: Webhook, name: a, webhook: {timeout: 3s}}]|webhook.failurePolicy is required",
        "[{type: Webhook, name: a, webhook: {timeout: 3s, failurePolicy: Fail}}]|failurePolicy must"
            + " be NoOpinion or Deny, not \"Fail\"",
        "[{type: Webhook, name: a, webhook: {timeout: 3s, failurePolicy:"
            + " Deny}}]|connectionInfo.type is required",
        "[{type: Webhook, name: a, webhook: {timeout: 3s, failurePolicy: Deny, connectionInfo:"
            + " {type: KubeConfigFile, kubeConfigFile: here}}}]|kubeConfigFile must be an absolute",
        "[{type: Webhook, name: a, webhook: {timeout: 3s, failurePolicy: Deny, connectionInfo:"
            + " {type: InClusterConfig}}}]|InClusterConfig is not served: use KubeConfigFile",
        "[{type: Webhook, name: a, webhook: {WEBHOOK, matchConditions: [{expression:"
            + " 'true'}]}}]|matchConditionSubjectAccessReviewVersion is required",
        "[{type: Webhook, name: a, webhook: {WEBHOOK, matchConditionSubjectAccessReviewVersion: v1,"
            + " matchConditions: [{expression: request.nobody}]}}]|matchConditions[0].expression"
            + " does not compile",
      })
  void aWrongFileIsRefusedWithThePlaceInIt(String authorizers, String expected) throws Exception {
    String yaml =
        "{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration, authorizers: "
            + authorizers.replace("WEBHOOK", WEBHOOK).replace("FILE", files + "/access")
            + "}";
    Path file = Files.writeString(files.resolve("wrong.yaml"), yaml);
    assertThatThrownBy(() -> AuthorizerFile.read(file))
        .hasMessageContaining(expected)
        .hasMessageContaining("wrong.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{current-context: c}|current-context says nothing of \"c\" in contexts",
        "{current-context: c, contexts: [{name: c, context: {cluster: d}}]}|clusters says nothing"
            + " of \"d\"",
        "{current-context: c, contexts: [{name: c, context: {cluster: d}}], clusters: [{name: d,"
            + " cluster: {server: 'ftp://x'}}]}|clusters[0].cluster.server must be a URL",
        "{current-context: c, contexts: [{name: c, context: {cluster: d}}], clusters: [{name: d,"
            + " cluster: {server: 'https://x', proxy-url: y}}]}|proxy-url is not a known field",
        "{current-context: c, contexts: [{name: c, context: {cluster: d}}], clusters: [{name: d,"
            + " cluster: {server: 'https://x', certificate-authority: nowhere}}]}|names a file that"
            + " cannot be read",
        "{current-context: c, contexts: [{name: c, context: {cluster: d, user: u}}], clusters:"
            + " [{name: d, cluster: {server: 'https://x'}}], users: [{name: u, user: {exec:"
            + " {}}}]}|users[0].user.exec is not a known field",
        "{current-context: c, contexts: [{name: c, context: {cluster: d, user: u}}], clusters:"
            + " [{name: d, cluster: {server: 'https://x'}}], users: [{name: u, user:"
            + " {client-key-data: YQ==}}]}|client-certificate and client-key go together",
      })
  void aWrongKubeconfigIsRefused(String yaml, String expected) throws Exception {
    Path file =
        Files.writeString(
            files.resolve("wrong"), yaml.replaceFirst("\\{", "{apiVersion: v1, kind: Config, "));
    assertThatThrownBy(() -> TokenWebhook.read(file, "v1", Duration.ZERO))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContaining(expected);
  }
}
