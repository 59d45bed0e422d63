package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.yaml.Yaml;
import dev.kapell.apiserver.pki.ClusterPki;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import dev.kapell.client.ApiFailure;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import dev.kapell.http.Tunnel;
import dev.kapell.store.Key;
import dev.kapell.store.Op;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API that another server serves, behind this one, over real HTTPS on both legs. */
class AggregationTest {
  private static final String REGISTRY = "/apis/apiregistration.k8s.io/v1/apiservices";
  private static final String FLUNDERS = "/apis/wardle.kapell.test/v1alpha1/flunders";
  private static final String DISCOVERY =
      """
      {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"wardle.kapell.test/v1alpha1","resources":[
      {"name":"flunders","singularName":"flunder","namespaced":false,"kind":"Flunder","verbs":["get","list","watch","create"],"shortNames":["fl"]},
      {"name":"flunders/status","singularName":"","namespaced":false,"kind":"Flunder","verbs":["get"]}]}\
      """;

  @TempDir static Path keys;

  private final List<Headers> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Answerer> paths = new ConcurrentHashMap<>();
  private Served served;
  private HttpServer extension;
  private String caBundle;

  private interface Answerer {
    void answer(Exchange exchange) throws IOException;
  }

  @BeforeEach
  void serve() throws Exception {
    served = new Served(keys.resolve("main"));
    ClusterPki own =
        ClusterPki.open(keys.resolve("extension"), Clock.system(), Randomness.secure());
    caBundle = Base64.getEncoder().encodeToString(own.caPem().getBytes(StandardCharsets.US_ASCII));
    extension =
        HttpServer.start(
            "extension",
            ServerOptions.at("127.0.0.1", 0)
                .with(
                    own.server(List.of("wardle.default.svc"))
                        .trusting(served.server.pki().frontProxyCaPem())),
            this::answer);
    paths.put("/apis/wardle.kapell.test/v1alpha1", exchange -> json(exchange, DISCOVERY));
    paths.put(FLUNDERS, exchange -> json(exchange, "{\"kind\":\"FlunderList\",\"items\":[]}"));
  }

  @AfterEach
  void close() {
    extension.close();
    served.close();
  }

  private void answer(Exchange exchange) throws IOException {
    boolean vouched =
        !exchange.peerCertificates().isEmpty()
            && exchange
                .peerCertificates()
                .getFirst()
                .getSubjectX500Principal()
                .getName()
                .equals("CN=front-proxy-client");
    Answerer answerer = paths.get(exchange.path());
    if (!vouched || answerer == null) {
      exchange.respond(vouched ? 404 : 401, Headers.NONE, new byte[0]);
      return;
    }
    if (!exchange.headers().first("X-Remote-User").orElse("").equals("system:kube-aggregator")) {
      asked.add(exchange.headers());
    }
    answerer.answer(exchange);
  }

  private static void json(Exchange exchange, String text) {
    exchange.respond(
        200, Headers.contentType("application/json"), text.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> post(String path, String yaml) throws Exception {
    return served.post(path, "application/yaml", yaml);
  }

  private void service() throws Exception {
    post(
        "/api/v1/namespaces/default/services",
        "{metadata: {name: wardle}, spec: {selector: {a: b}, ports: [{port: 443, name: https}]}}");
    byte[] slice =
        JsonCodec.writeTree(
            Yaml.document(
                """
                metadata:
                  {name: w-1, namespace: default, labels: {kubernetes.io/service-name: wardle}}
                addressType: IPv4
                ports: [{name: https, port: %d}]
                endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
                """
                    .formatted(extension.port())));
    Key key = new Key("discovery.k8s.io/endpointslices", "default/w-1");
    served.store().write(List.of(new Op.Put(key, slice, Op.ABSENT, -1)));
  }

  private void register(String trust) throws Exception {
    assertThat(
            post(
                    REGISTRY,
                    """
                    metadata: {name: v1alpha1.wardle.kapell.test}
                    spec:
                      group: wardle.kapell.test
                      version: v1alpha1
                      groupPriorityMinimum: 2000
                      versionPriority: 200
                      service: {namespace: default, name: wardle}
                      %s
                    """
                        .formatted(trust))
                .body())
        .contains("\"port\":443");
  }

  private Obj available(String reason) throws Exception {
    Semaphore changed = new Semaphore(0);
    Obj condition = Obj.root(Obj.tree());
    try (var cursor =
        served
            .store()
            .watch(
                "apiregistration.k8s.io/apiservices",
                "",
                served.store().snapshot().revision(),
                changed::release)) {
      for (int i = 0; i < 100 && !condition.text("reason").equals(reason); i++) {
        cursor.poll(100);
        List<Obj> conditions =
            tree(served.get(REGISTRY + "/v1alpha1.wardle.kapell.test").body())
                .child("status")
                .items("conditions");
        condition = conditions.isEmpty() ? condition : conditions.getFirst();
        if (!condition.text("reason").equals(reason)) {
          changed.tryAcquire(100, TimeUnit.MILLISECONDS);
        }
      }
    }
    assertThat(condition.text("reason")).as(condition.toString()).isEqualTo(reason);
    return condition;
  }

  private static Obj tree(String json) {
    return Obj.root(Wire.parse(json.getBytes(StandardCharsets.UTF_8)));
  }

  private void up() throws Exception {
    service();
    register("caBundle: " + caBundle);
    assertThat(available("Passed").text("status")).isEqualTo("True");
  }

  @Test
  void theCallerIsNamedByThisServerWhateverItSaysItself() throws Exception {
    up();
    HttpResponse<String> answer =
        served.send(
            served
                .to(FLUNDERS + "?limit=5")
                .header("X-Remote-User", "root")
                .header("x-remote-group", "system:masters")
                .header("X-Remote-Extra-scopes", "all")
                .header("Impersonate-User", "jane")
                .header("Impersonate-Group", "readers")
                .header("Impersonate-Group", "system:masters")
                .header("Impersonate-Extra-a%2Fb", "c"));
    assertThat(answer.statusCode()).isEqualTo(200);
    Headers headers = asked.getLast();
    assertThat(headers.all("X-Remote-User")).containsExactly("jane");
    assertThat(headers.all("X-Remote-Group"))
        .containsExactly("readers", "system:masters", "system:authenticated");
    assertThat(headers.all("X-Remote-Extra-a%2Fb")).containsExactly("c");
    assertThat(headers.lines())
        .extracting(line -> line.name().toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("authorization", "x-remote-extra-scopes", "impersonate-user");
    assertThat(headers.first("Host")).contains("wardle.default.svc:443");
  }

  @Test
  void thisProcessReadsItInTheNameOfWhoAsks() throws Exception {
    up();
    InProcessReads reads = served.server.reads();
    User robot = new User("robot", "", List.of("robots"), Map.of());
    String group = "wardle.kapell.test";
    assertThat(reads.serves(group, "v1alpha1")).isTrue();
    assertThat(reads.serves(group, "v1")).isFalse();
    assertThat(reads.get(robot, group, "v1alpha1", "/flunders", Map.of("labelSelector", "a=b")))
        .asString(StandardCharsets.UTF_8)
        .contains("FlunderList");
    assertThat(asked.getLast().all("X-Remote-User")).containsExactly("robot");
    assertThatThrownBy(() -> reads.get(robot, group, "v1alpha1", "/others", Map.of()))
        .isInstanceOf(ApiFailure.class);
    assertThat(reads.get(robot, "metrics.k8s.io", "v1beta1", "/namespaces/default/pods", Map.of()))
        .asString(StandardCharsets.UTF_8)
        .contains("PodMetricsList");
    assertThatThrownBy(() -> reads.page("127.0.0.1", extension.port(), "/a b"))
        .hasMessageContaining("a path begins with /");
  }

  @Test
  void whoMayNotAskIsNotPassedOn() throws Exception {
    up();
    HttpResponse<String> answer =
        served.asNobody(served.to(FLUNDERS).header("X-Remote-User", "root"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(asked).isEmpty();
  }

  @Test
  void itsResourcesAreDiscoveredAmongTheOthers() throws Exception {
    up();
    assertThat(served.get("/apis").body()).contains("wardle.kapell.test/v1alpha1");
    assertThat(served.get("/apis/wardle.kapell.test").body()).contains("\"preferredVersion\"");
    assertThat(served.get("/apis/wardle.kapell.test/v1alpha1").body()).contains("\"flunders\"");
    String all =
        served
            .get("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
            .body();
    assertThat(all).contains("\"resource\":\"flunders\"").contains("\"subresource\":\"status\"");
  }

  @Test
  void itsSchemasAreMergedIntoThisServers() throws Exception {
    String meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    String v2 =
        """
        {"swagger": "2.0",
         "paths": {
           "/apis/wardle.kapell.test/v1alpha1/flunders": {"get": {"responses": {"200":
             {"schema": {"$ref": "#/definitions/test.Flunder"}}}}},
           "/version/": {"get": {"responses": {"200": {"schema": {"$ref": "#/definitions/test.Other"}}}}}},
         "definitions": {
           "test.Flunder": {"type": "object", "properties": {"metadata": {"$ref": "#/definitions/%1$s"}}},
           "test.Other": {"type": "object"},
           "%1$s": {"type": "object", "description": "not the one that is known here"}}}
        """
            .formatted(meta);
    paths.put("/openapi/v2", exchange -> json(exchange, v2));
    paths.put(
        "/openapi/v3",
        exchange ->
            json(
                exchange,
                "{\"paths\": {\"apis/wardle.kapell.test/v1alpha1\": {\"serverRelativeURL\":"
                    + " \"/openapi/v3/apis/wardle.kapell.test/v1alpha1?hash=AB\"}}}"));
    up();
    Obj merged = tree(served.get("/openapi/v2").body());
    assertThat(merged.child("paths").map())
        .containsKeys("/apis/wardle.kapell.test/v1alpha1/flunders", "/api/v1/namespaces");
    assertThat(merged.child("definitions").map())
        .containsKeys("test.Flunder", meta, meta + "_v2")
        .doesNotContainKey("test.Other");
    assertThat(merged.child("definitions").child("test.Flunder").toString())
        .contains("#/definitions/" + meta + "_v2");
    assertThat(
            tree(served.get("/openapi/v3").body())
                .child("paths")
                .child("apis/wardle.kapell.test/v1alpha1")
                .text("serverRelativeURL"))
        .isEqualTo("/openapi/v3/apis/wardle.kapell.test/v1alpha1?hash=AB");
  }

  @Test
  void groupsAreOrderedByTheirPriorities() throws Exception {
    up();
    List<String> before = groups();
    assertThat(before.getFirst()).isEqualTo("apiregistration.k8s.io");
    assertThat(before)
        .containsSubsequence(
            "flowcontrol.apiserver.k8s.io", "wardle.kapell.test", "metrics.k8s.io");
    served.send(
        served
            .to(REGISTRY + "/v1alpha1.wardle.kapell.test")
            .header("Content-Type", "application/merge-patch+json")
            .method(
                "PATCH",
                java.net.http.HttpRequest.BodyPublishers.ofString(
                    "{\"spec\": {\"groupPriorityMinimum\": 17850}}")));
    for (int i = 0; i < 50 && groups().indexOf("wardle.kapell.test") != 1; i++) {
      available("Passed");
    }
    assertThat(groups()).startsWith("apiregistration.k8s.io", "wardle.kapell.test", "apps");
  }

  private List<String> groups() throws Exception {
    return tree(served.get("/apis").body()).items("groups").stream()
        .map(group -> group.text("name"))
        .toList();
  }

  @Test
  void watchesStreamAndUpgradesBecomeTunnels() throws Exception {
    Semaphore more = new Semaphore(0);
    paths.put(
        FLUNDERS,
        exchange -> {
          if (exchange.headers().first("Upgrade").isPresent()) {
            try (Tunnel tunnel = exchange.upgrade(Headers.of("Upgrade", "echo"))) {
              for (byte[] piece = tunnel.read(); piece != null; piece = tunnel.read()) {
                tunnel.write(piece);
              }
            }
            return;
          }
          try (OutputStream body = exchange.stream(200, Headers.contentType("application/json"))) {
            body.write("{\"type\":\"ADDED\"}\n".getBytes(StandardCharsets.UTF_8));
            body.flush();
            more.acquireUninterruptibly();
            body.write("{\"type\":\"DELETED\"}\n".getBytes(StandardCharsets.UTF_8));
          }
        });
    up();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                served.open(FLUNDERS + "?watch=true", "application/json").body(),
                StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).contains("ADDED");
      more.release();
      assertThat(lines.readLine()).contains("DELETED");
    }
    assertThat(echo("base64url.bearer.authorization.k8s.io.c2VjcmV0, v4")).contains("echoed");
    assertThat(asked.getLast().first("X-Remote-User")).contains("kubernetes-admin");
    assertThat(asked.getLast().first("Sec-WebSocket-Protocol")).contains("v4");
  }

  private String echo(String protocols) throws Exception {
    var context = served.tls(served.server.pki().admin());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", served.server.port())) {
      socket.setSoTimeout(20_000);
      String head =
          "GET "
              + FLUNDERS
              + " HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-Protocols: "
              + protocols
              + "\r\nX-Remote-User: root\r\nSec-WebSocket-Protocol: v4\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      StringBuilder text = new StringBuilder();
      while (text.indexOf("\r\n\r\n") < 0) {
        text.append((char) socket.getInputStream().read());
      }
      assertThat(text.toString()).startsWith("HTTP/1.1 101");
      socket.getOutputStream().write("echoed".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readNBytes(6), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aRedirectIsNotPassedOn() throws Exception {
    paths.put(
        FLUNDERS,
        exchange ->
            exchange.respond(302, Headers.of("Location", "https://evil.test/"), new byte[0]));
    up();
    HttpResponse<String> answer = served.get(FLUNDERS);
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.headers().firstValue("Location")).isEmpty();
    assertThat(answer.body()).contains("attempted to redirect this request");
  }

  @Test
  void whyItIsNotAvailableIsSaidAndItComesBackByItself() throws Exception {
    register("caBundle: " + caBundle);
    assertThat(available("ServiceNotFound").text("message"))
        .isEqualTo("service/wardle in \"default\" is not present");
    assertThat(served.get(FLUNDERS).statusCode()).isEqualTo(503);
    assertThat(served.get("/apis").body()).doesNotContain("wardle.kapell.test");
    service();
    available("Passed");
    assertThat(served.get(FLUNDERS).statusCode()).isEqualTo(200);
    served.send(served.to(REGISTRY + "/v1alpha1.wardle.kapell.test").DELETE());
    for (int i = 0; i < 200 && served.get(FLUNDERS).statusCode() != 404; i++) {
      Thread.onSpinWait();
    }
    assertThat(served.get(FLUNDERS).statusCode()).isEqualTo(404);
  }

  @Test
  void aServerWhoseAuthorityIsNotNamedIsNotAskedUnlessAnyWillDo() throws Exception {
    service();
    register("");
    assertThat(available("FailedDiscoveryCheck").text("message"))
        .contains("https://wardle.default.svc:443/apis/wardle.kapell.test/v1alpha1");
    served.send(
        served
            .to(REGISTRY + "/v1alpha1.wardle.kapell.test")
            .header("Content-Type", "application/merge-patch+json")
            .method(
                "PATCH",
                HttpRequest.BodyPublishers.ofString(
                    "{\"spec\":{\"insecureSkipTLSVerify\":true}}")));
    available("Passed");
    assertThat(served.get(FLUNDERS).statusCode()).isEqualTo(200);
  }

  @Test
  void thisServersOwnGroupsAreRegisteredToo() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 500 && !names.contains("v1.storage.k8s.io"); i++) {
      names.clear();
      tree(served.get(REGISTRY).body())
          .items("items")
          .forEach(each -> names.add(each.child("metadata").text("name")));
    }
    assertThat(names).contains("v1.", "v1.apps", "v1.authorization.k8s.io", "v1.storage.k8s.io");
    Obj apps = tree(served.get(REGISTRY + "/v1.apps").body());
    assertThat(apps.child("status").items("conditions").getFirst().text("reason"))
        .isEqualTo("Local");
    String config =
        served
            .get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")
            .body();
    assertThat(tree(config).child("data").text("requestheader-allowed-names"))
        .isEqualTo("[\"front-proxy-client\"]");
    assertThat(tree(config).child("data").text("requestheader-client-ca-file"))
        .isEqualTo(served.server.pki().frontProxyCaPem())
        .isNotEqualTo(served.server.pki().caPem());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{group: a.b, version: v2, groupPriorityMinimum: 1, versionPriority: 1} | metadata.name:"
            + " Invalid value: \"v1.a.b\": must be `spec.version+\".\"+spec.group`",
        "{group: a.b, version: v1, groupPriorityMinimum: 0, versionPriority: 1} |"
            + " spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000",
        "{group: a.b, version: v1, groupPriorityMinimum: 1, versionPriority: 1001} |"
            + " spec.versionPriority: Invalid value: 1001: must be positive and less than 1000",
        "{group: a.b, version: v1, groupPriorityMinimum: 1, versionPriority: 1,"
            + " insecureSkipTLSVerify: true} | local APIServices may not have"
            + " insecureSkipTLSVerify",
        "{group: a.b, version: v1, groupPriorityMinimum: 1, versionPriority: 1, caBundle: eA==} |"
            + " local APIServices may not have a caBundle",
        "{group: a.b, version: v1, groupPriorityMinimum: 1, versionPriority: 1, service: {name: x}}"
            + " | spec.service.namespace: Required value",
        "{group: a.b, version: v1, groupPriorityMinimum: 1, versionPriority: 1, caBundle: eA==,"
            + " insecureSkipTLSVerify: true, service: {name: x, namespace: y}} | may not be true if"
            + " caBundle is present",
      })
  void registrationsAreChecked(String spec, String complaint) throws Exception {
    HttpResponse<String> answer = post(REGISTRY, "{metadata: {name: v1.a.b}, spec: " + spec + "}");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(tree(answer.body()).text("message")).contains(complaint);
  }
}
