package dev.kapell.apiserver.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holes that API servers of Kubernetes have had, each under the number by which it is known. None
 * of them is to open here.
 */
class KnownHolesTest {
  private static final String POD = "/api/v1/namespaces/default/pods/one";

  @TempDir static Path keys;
  private static Served served;
  private static HttpServer agent;

  /** What reached the node agent: path, then headers. */
  private static final List<String> REACHED = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    served = new Served(keys);
    agent =
        HttpServer.start(
            "agent",
            ServerOptions.at("127.0.0.1", 0)
                .with(
                    served
                        .server
                        .pki()
                        .node("n1", List.of("127.0.0.1"))
                        .trusting(served.server.pki().caPem())),
            KnownHolesTest::answer);
    make("/api/v1/nodes", "{metadata: {name: n1}}");
    patch(
        "/api/v1/nodes/n1/status",
        "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"127.0.0.1\"}],\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":%d}}}}"
            .formatted(agent.port()));
    make(
        "/api/v1/namespaces/default/serviceaccounts",
        "{metadata: {name: default, annotations: {kubernetes.io/enforce-mountable-secrets:"
            + " 'true'}}, secrets: [{name: mine}]}");
    make(
        "/api/v1/namespaces/default/pods",
        "{metadata: {name: one}, spec: {nodeName: n1, containers: [{name: c, image: x}]}}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{metadata: {name: some}, rules: [{verbs: [get], apiGroups: [''], resources: [pods,"
            + " pods/exec, pods/attach, pods/portforward]}, {verbs: ['*'], apiGroups: [''],"
            + " resources: [configmaps], resourceNames: [only]}]}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{metadata: {name: some}, roleRef: {kind: ClusterRole, apiGroup:"
            + " rbac.authorization.k8s.io, name: some}, subjects: [{kind: User, name: ann,"
            + " apiGroup: rbac.authorization.k8s.io}]}");
    while (as("ann", served.to(POD)).statusCode() != 200) {
      Thread.onSpinWait();
    }
  }

  @AfterAll
  static void stop() {
    agent.close();
    served.close();
  }

  @BeforeEach
  void forget() {
    REACHED.clear();
  }

  private static void answer(Exchange exchange) {
    REACHED.add(exchange.path() + " " + exchange.headers());
    if (exchange.rawQuery().contains("redirect") || exchange.path().contains("redirect")) {
      exchange.respond(302, Headers.of("Location", "https://127.0.0.1:1/else"), new byte[0]);
    } else {
      exchange.respond(400, Headers.NONE, "no upgrade".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static HttpResponse<String> make(String path, String yaml) throws Exception {
    return served.post(path, "application/yaml", yaml);
  }

  private static HttpResponse<String> patch(String path, String json) throws Exception {
    return served.send(
        served
            .to(path)
            .header("Content-Type", "application/strategic-merge-patch+json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
  }

  private static HttpResponse<String> as(String user, HttpRequest.Builder request)
      throws Exception {
    return served.send(request.header("Impersonate-User", user));
  }

  /** Sends {@code request} as it stands, as the admin, and returns all that comes back. */
  private static String raw(String request) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            served
                .tls(served.server.pki().admin())
                .getSocketFactory()
                .createSocket("127.0.0.1", served.server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String upgrade(String path, String... headers) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        + String.join("", headers)
        + "\r\n";
  }

  /** CVE-2018-1002105: what follows a refused upgrade reached the backend as the API server. */
  @Test
  void aRefusedUpgradeLeavesNoTunnelBehind() throws Exception {
    String second = "GET /runningpods/ HTTP/1.1\r\nHost: x\r\n\r\n";
    String answer = raw(upgrade(POD + "/exec?command=a&container=c") + second);
    assertThat(answer).startsWith("HTTP/1.1 400").contains("no upgrade");
    assertThat(REACHED).singleElement().asString().startsWith("/exec/default/one/c ");
  }

  /** CVE-2020-8559: a node sent callers, with their credentials, elsewhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/log?container=c&tailLines=redirect", "/exec?command=redirect&container=c"})
  void aNodeSendsNobodyElsewhere(String what) throws Exception {
    HttpResponse<String> answer = served.get(POD + what, "*/*");
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.headers().firstValue("Location")).isEmpty();
  }

  /** Who a caller is, is told to nobody else. */
  @Test
  void credentialsStayHere() throws Exception {
    raw(
        upgrade(
            POD + "/exec?command=a&container=c",
            "Sec-WebSocket-Protocol: v5.channel.k8s.io,"
                + " base64url.bearer.authorization.k8s.io.c2VjcmV0\r\n",
            "X-Remote-User: root\r\n",
            "X-Remote-Extra-Scopes: all\r\n",
            "Impersonate-User: kubernetes-admin\r\n",
            "Impersonate-Group: system:masters\r\n",
            "Impersonate-Uid: 1\r\n",
            "Impersonate-Extra-A: b\r\n"));
    assertThat(REACHED)
        .singleElement()
        .asString()
        .contains("v5.channel.k8s.io")
        .doesNotContainIgnoringCase("base64url")
        .doesNotContainIgnoringCase("X-Remote")
        .doesNotContainIgnoringCase("Impersonate")
        .doesNotContain("c2VjcmV0");
  }

  /** The right to read was enough to run commands, by a WebSocket. */
  @ParameterizedTest
  @ValueSource(strings = {"exec?command=a&container=c", "attach?container=c", "portforward"})
  void whoMayOnlyGetRunsNothing(String what) throws Exception {
    HttpResponse<String> refused = as("ann", served.to(POD + "/" + what));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("cannot create resource \\\"pods/");
    assertThat(REACHED).isEmpty();
  }

  /** CVE-2020-8555, CVE-2020-8562: the API server reached what only its machine sees. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.8.8",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "255.255.255.255"
      })
  void noPodIsWhereOnlyThisMachineCanLook(String address) throws Exception {
    patch(
        POD + "/status",
        "{\"status\":{\"podIP\":\"%1$s\",\"podIPs\":[{\"ip\":\"%1$s\"}]}}".formatted(address));
    HttpResponse<String> refused = served.get(POD + ":80/proxy/", "*/*");
    assertThat(refused.statusCode()).as(refused.body()).isIn(400, 503);
    assertThat(refused.body()).containsAnyOf("address not allowed", "has no address yet");
  }

  /** A service that is only a name could be anything near this machine. */
  @Test
  void noProxyFollowsAnExternalName() throws Exception {
    make(
        "/api/v1/namespaces/default/services",
        "{metadata: {name: out}, spec: {type: ExternalName, externalName: localhost, ports: [{port:"
            + " %d}]}}".formatted(agent.port()));
    HttpResponse<String> refused =
        served.get("/api/v1/namespaces/default/services/https:out:/proxy/", "*/*");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("no endpoints available for service");
    assertThat(REACHED).isEmpty();
  }

  /**
   * CVE-2023-2728, CVE-2024-3177: containers that come later, or name a secret in another way,
   * mounted any secret.
   */
  @Test
  void aLateContainerTakesNoSecretThatItsAccountDoesNotName() throws Exception {
    String late =
        "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"%s\",\"image\":\"x\",\"envFrom\":[{\"secretRef\":{\"name\":\"%s\"}}]}]}}";
    HttpResponse<String> refused =
        patch(POD + "/ephemeralcontainers", late.formatted("l", "other"));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
    assertThat(refused.body()).contains("does not reference that secret");
    assertThat(patch(POD + "/ephemeralcontainers", late.formatted("m", "mine")).statusCode())
        .isEqualTo(200);
  }

  /** A mirror pod passed by the rules of accounts. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serviceAccountName: default, containers: [{name: c, image: x}]|may not reference service"
            + " accounts",
        "containers: [{name: c, image: x, envFrom: [{secretRef: {name: s}}]}]|may not reference"
            + " secrets",
        "containers: [{name: c, image: x}], volumes: [{name: v, projected: {sources:"
            + " [{serviceAccountToken: {path: t}}]}}]|service account token volume projections",
      })
  void aMirrorPodBorrowsNothing(String spec, String expected) throws Exception {
    HttpResponse<String> refused =
        make(
            "/api/v1/namespaces/default/pods",
            "{metadata: {name: mirror, annotations: {kubernetes.io/config.mirror: x}}, spec: {"
                + spec
                + "}}");
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
    assertThat(refused.body()).contains(expected);
  }

  /** CVE-2019-11247: rights in one namespace reached what belongs to the whole cluster. */
  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/default/nodes",
    "GET, /api/v1/namespaces/default/nodes/n1",
    "DELETE, /api/v1/namespaces/default/nodes/n1",
    "GET, /api/v1/namespaces/default/nodes/n1/proxy/runningpods/",
    "POST, /api/v1/namespaces/default/nodes",
    "GET, /api/v1/watch/namespaces/default/persistentvolumes",
    "GET, /apis/rbac.authorization.k8s.io/v1/namespaces/default/clusterroles/cluster-admin",
    "POST, /apis/rbac.authorization.k8s.io/v1/namespaces/default/clusterrolebindings",
    "GET, /apis/kapell.test/v1/namespaces/default/things",
    "DELETE, /apis/kapell.test/v1/namespaces/default/things",
  })
  void rightsInANamespaceStayThere(String method, String path) throws Exception {
    make(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        "{metadata: {name: things.kapell.test}, spec: {group: kapell.test, scope: Cluster, names:"
            + " {plural: things, kind: Thing}, versions: [{name: v1, served: true, storage: true,"
            + " schema: {openAPIV3Schema: {type: object}}}]}}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
        "{metadata: {name: all}, roleRef: {kind: ClusterRole, apiGroup: rbac.authorization.k8s.io,"
            + " name: cluster-admin}, subjects: [{kind: User, name: bea, apiGroup:"
            + " rbac.authorization.k8s.io}]}");
    while (as("bea", served.to(POD)).statusCode() != 200) {
      Thread.onSpinWait();
    }
    HttpRequest.Builder request =
        served
            .to(path)
            .header("Content-Type", "application/yaml")
            .method(method, HttpRequest.BodyPublishers.ofString("{metadata: {name: x}}"));
    HttpResponse<String> refused = as("bea", request);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(404);
    assertThat(REACHED).isEmpty();
  }

  /** CVE-2021-25740: who may edit a namespace led its services to the pods of others. */
  @ParameterizedTest
  @ValueSource(strings = {"edit", "admin"})
  void whoEditsANamespaceWritesNoEndpoints(String role) throws Exception {
    String path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/" + role;
    Obj rules = Obj.root(Wire.parse(served.get(path).body().getBytes(UTF_8)));
    assertThat(rules.items("rules")).isNotEmpty();
    for (Obj rule : rules.items("rules")) {
      if (!Collections.disjoint(rule.texts("resources"), List.of("endpoints", "endpointslices"))) {
        assertThat(rule.texts("verbs")).isSubsetOf("get", "list", "watch");
      }
    }
  }

  /** CVE-2021-25737: endpoints led to what only nodes and the API server see. */
  @ParameterizedTest
  @CsvSource({
    "IPv4, 127.0.0.1, loopback range",
    "IPv4, 169.254.169.254, link-local range",
    "IPv4, 224.0.0.7, link-local multicast range",
    "IPv4, 0.0.0.0, may not be unspecified",
    "IPv6, '::1', loopback range",
    "IPv6, 'fe80::1', link-local range",
    "IPv6, 'ff02::1', link-local multicast range",
    "IPv6, '::', may not be unspecified",
    "IPv6, '::ffff:127.0.0.1', must be a valid IP address",
  })
  void noEndpointIsWhereOnlyMachinesLook(String family, String address, String expected)
      throws Exception {
    HttpResponse<String> refused =
        make(
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            "{metadata: {name: out}, addressType: %s, endpoints: [{addresses: ['%s']}]}"
                .formatted(family, address));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(refused.body()).contains(expected);
  }

  /** CVE-2022-3162: names of custom objects that are paths led to objects of other kinds. */
  @ParameterizedTest
  @ValueSource(strings = {"..%2F..%2Fsecrets", "%2e%2e", ".", ".."})
  void noNameIsAPath(String name) throws Exception {
    String answer =
        raw(
            "GET /apis/kapell.test/v1/things/"
                + name
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*").doesNotContain("\"items\"");
  }

  /** Paths that look like others. */
  @ParameterizedTest
  @CsvSource({
    "/api/v1/namespaces/default/Secrets/x, 403",
    "/API/v1/secrets, 403",
    "/api/V1/secrets, 403",
    "//api//v1//secrets, 403",
    "/api/v1/namespaces/default/pods/../secrets, 403",
    "/api/v1/namespaces/default/pods/%2e%2e/secrets, 403",
    "/api/v1/namespaces/default%2Fsecrets/pods, 400",
    "/api/v1/namespaces/default/pods%2Fone, 400",
    "/api/v1/namespaces/default/secrets%00, 400",
    "/healthz/../api/v1/secrets, 403",
    "/livez/..%2f..%2fapi, 403",
    "/version/../metrics, 403",
    "/metrics%20, 403",
    "/Metrics, 403",
  })
  void noSpellingOfAPathOpensADoor(String path, int status) throws Exception {
    String answer =
        raw(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nImpersonate-User: ann\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 " + status);
  }

  /** A selector in the query of a create was taken for the name that a role is limited to. */
  @Test
  void aSelectorNamesNothingThatIsCreated() throws Exception {
    String maps = "/api/v1/namespaces/default/configmaps";
    HttpRequest.Builder create =
        served
            .to(maps + "?fieldSelector=metadata.name%3Donly")
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString("{metadata: {name: other}}"));
    assertThat(as("ann", create).statusCode()).isEqualTo(403);
    assertThat(as("ann", served.to(maps + "?fieldSelector=metadata.name%3D%3Donly")).statusCode())
        .isEqualTo(200);
    assertThat(
            as(
                    "ann",
                    served.to(
                        maps
                            + "?fieldSelector=metadata.name%3Dother&fieldSelector=metadata.name%3Donly"))
                .statusCode())
        .isEqualTo(403);
    assertThat(as("ann", served.to(maps + "?fieldSelector=metadata.name!%3Donly")).statusCode())
        .isEqualTo(403);
  }

  /** Who may not impersonate everything that is asked for impersonates nothing. */
  @ParameterizedTest
  @CsvSource({
    "Impersonate-Group, system:masters",
    "Impersonate-Uid, 1",
    "Impersonate-Extra-Scopes, all",
    "impersonate-extra-%2e, x"
  })
  void impersonationIsAskedForPieceByPiece(String header, String value) throws Exception {
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{metadata: {name: as-users}, rules: [{verbs: [impersonate], apiGroups: [''], resources:"
            + " [users]}]}");
    make(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{metadata: {name: as-users}, roleRef: {kind: ClusterRole, apiGroup:"
            + " rbac.authorization.k8s.io, name: as-users}, subjects: [{kind: User, name: bob,"
            + " apiGroup: rbac.authorization.k8s.io}]}");
    try (var bob =
        java.net.http.HttpClient.newBuilder()
            .sslContext(served.tls(served.server.pki().client("bob", "bob", List.of())))
            .build()) {
      HttpRequest plain = served.to("/version").header("Impersonate-User", "ann").build();
      while (bob.send(plain, HttpResponse.BodyHandlers.ofString()).statusCode() != 200) {
        Thread.onSpinWait();
      }
      HttpRequest more =
          served.to("/version").header("Impersonate-User", "ann").header(header, value).build();
      HttpResponse<String> refused = bob.send(more, HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("cannot impersonate resource");
    }
  }
}
