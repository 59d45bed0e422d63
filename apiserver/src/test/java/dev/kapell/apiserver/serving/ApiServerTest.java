package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoCodec;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.apiserver.metrics.Exposition;
import dev.kapell.apiserver.request.User;
import dev.kapell.apiserver.tree.Obj;
import dev.kapell.client.ObjectKey;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerTest {
  private static final String JSON = "application/json";
  private static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

  @TempDir private static Path keys;
  private static Served served;

  @BeforeAll
  static void start() throws Exception {
    served = new Served(keys);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String configMap(String name) {
    return """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":{"a":"1"}}"""
        .formatted(name);
  }

  private static void create(String name) throws Exception {
    assertThat(
            served
                .post("/api/v1/namespaces/default/configmaps", JSON, configMap(name))
                .statusCode())
        .isEqualTo(201);
  }

  private static Obj tree(String json) {
    return Obj.root(ObjectWriter.tree(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void createsReadsAndListsInJson() throws Exception {
    create("plain");
    HttpResponse<String> read = served.get("/api/v1/namespaces/default/configmaps/plain");
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.headers().firstValue("Content-Type")).contains(JSON);
    assertThat(read.headers().firstValue("Audit-Id")).isPresent();
    assertThat(tree(read.body()).child("data").text("a")).isEqualTo("1");
    Obj list = tree(served.get("/api/v1/configmaps").body());
    assertThat(list.text("kind")).isEqualTo("ConfigMapList");
    assertThat(list.child("metadata").text("resourceVersion")).isNotEmpty();
    assertThat(list.items("items"))
        .extracting(item -> item.child("metadata").text("name"))
        .contains("plain");
  }

  @Test
  void takesYamlAndGivesYaml() throws Exception {
    String yaml =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: from-yaml
        data:
          answer: "yes"
        """;
    assertThat(
            served
                .post("/api/v1/namespaces/default/configmaps", "application/yaml", yaml)
                .statusCode())
        .isEqualTo(201);
    assertThat(
            served
                .get("/api/v1/namespaces/default/configmaps/from-yaml", "application/yaml")
                .body())
        .contains("kind: ConfigMap");
  }

  @Test
  void takesProtobufAndGivesProtobuf() throws Exception {
    ConfigMap sent =
        ConfigMap.builder()
            .metadata(ObjectMeta.builder().name("from-protobuf").build())
            .data(Map.of("a", "1"))
            .build();
    byte[] body = ProtoCodec.seal("v1", "ConfigMap", ProtoCodec.encode(ConfigMap.CODEC, sent));
    HttpResponse<byte[]> created =
        served.sendForBytes(
            served
                .to("/api/v1/namespaces/default/configmaps")
                .header("Content-Type", MediaType.PROTOBUF)
                .header("Accept", MediaType.PROTOBUF)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    assertThat(created.statusCode()).isEqualTo(201);
    ProtoCodec.Envelope envelope = ProtoCodec.open(created.body());
    assertThat(envelope.kind()).isEqualTo("ConfigMap");
    assertThat(ProtoCodec.decode(ConfigMap.CODEC, envelope.raw()).data())
        .isEqualTo(Map.of("a", "1"));
    HttpResponse<byte[]> list =
        served.sendForBytes(served.to("/api/v1/configmaps").header("Accept", MediaType.PROTOBUF));
    assertThat(ProtoCodec.open(list.body()).kind()).isEqualTo("ConfigMapList");
  }

  @Test
  void showsTablesAndMetadata() throws Exception {
    create("shown");
    Obj table = tree(served.get("/api/v1/namespaces/default/configmaps/shown", TABLE).body());
    assertThat(table.text("kind")).isEqualTo("Table");
    assertThat(table.items("columnDefinitions"))
        .extracting(column -> column.text("name"))
        .containsExactly("Name", "Data", "Age");
    assertThat(table.items("rows").getFirst().values("cells").subList(0, 2))
        .isEqualTo(List.of("shown", 1L));
    Obj metadata =
        tree(
            served
                .get(
                    "/api/v1/namespaces/default/configmaps",
                    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
                .body());
    assertThat(metadata.text("kind")).isEqualTo("PartialObjectMetadataList");
    assertThat(metadata.items("items").getFirst().map())
        .containsKey("metadata")
        .doesNotContainKey("data");
  }

  @Test
  void pushesChangesToAWatch() throws Exception {
    String from =
        tree(served.get("/api/v1/configmaps").body()).child("metadata").text("resourceVersion");
    String path = "/api/v1/namespaces/default/configmaps?watch=true&resourceVersion=" + from;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(served.open(path, JSON).body(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < 20; i++) {
        create("watched-" + i);
        Obj event = tree(lines.readLine());
        while (!event.child("object").child("metadata").text("name").startsWith("watched-")) {
          event = tree(lines.readLine()); // another test's
        }
        assertThat(event.text("type")).isEqualTo("ADDED");
        assertThat(event.child("object").child("metadata").text("name")).isEqualTo("watched-" + i);
      }
    }
  }

  @Test
  void framesAWatchInProtobuf() throws Exception {
    String from =
        tree(served.get("/api/v1/configmaps").body()).child("metadata").text("resourceVersion");
    String path = "/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=" + from;
    try (InputStream body = served.open(path, MediaType.PROTOBUF).body()) {
      create("framed");
      int length = ByteBuffer.wrap(body.readNBytes(4)).getInt();
      byte[] event = body.readNBytes(length);
      assertThat(new String(event, StandardCharsets.ISO_8859_1))
          .contains("ADDED", "k8s\0", "ConfigMap");
    }
  }

  @Test
  void refusesInStatusesThatSayWhy() throws Exception {
    Map<String, Integer> refusals =
        Map.of(
            "/nothing/here", 404,
            "/api/v1/unicorns", 404,
            "/apis/nobody.example/v1/things", 404,
            "/api/v1/namespaces/default/configmaps/absent", 404,
            "/api/v1/configmaps?limit=many", 400);
    for (Map.Entry<String, Integer> refusal : refusals.entrySet()) {
      HttpResponse<String> answer = served.get(refusal.getKey());
      assertThat(answer.statusCode()).as(refusal.getKey()).isEqualTo(refusal.getValue());
      assertThat(tree(answer.body()).text("kind")).isEqualTo("Status");
    }
    assertThat(served.get("/api/v1/configmaps", "text/html").statusCode()).isEqualTo(406);
    assertThat(served.post("/api/v1/namespaces/default/configmaps", "image/png", "x").statusCode())
        .isEqualTo(415);
    for (String unasked : List.of("text/plain", "application/x-www-form-urlencoded")) {
      assertThat(served.post("/api/v1/namespaces/default/configmaps", unasked, "{}").statusCode())
          .isEqualTo(415);
    }
    assertThat(served.get("/api/v1/configmaps", "application/cbor").statusCode()).isEqualTo(406);
    assertThat(
            served
                .post("/api/v1/namespaces/default/configmaps", "application/cbor", "\u00a0")
                .statusCode())
        .isEqualTo(415);
    assertThat(served.post("/api/v1/namespaces/default/configmaps/x", JSON, "{}").statusCode())
        .isEqualTo(405);
    assertThat(
            served.post("/api/v1/namespaces/default/configmaps", JSON, "{\"kind\":").statusCode())
        .isEqualTo(400);
  }

  @Test
  void refusesABodyOfTenMebibytesAndServesOn() throws Exception {
    String large = configMap("large").replace("\"1\"", "\"" + "x".repeat(10 << 20) + "\"");
    HttpResponse<String> refused =
        served.post("/api/v1/namespaces/default/configmaps", JSON, large);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(tree(refused.body()).text("reason")).isEqualTo("RequestEntityTooLarge");
    assertThat(served.get("/readyz").body()).isEqualTo("ok");
  }

  @Test
  void tellsAnonymousClientsOnlyThatItLives() throws Exception {
    assertThat(served.asNobody(served.to("/livez")).body()).isEqualTo("ok");
    assertThat(served.asNobody(served.to("/version")).body()).contains("\"minor\": \"36\"");
    HttpResponse<String> refused = served.asNobody(served.to("/api/v1/namespaces/default/secrets"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(tree(refused.body()).text("message"))
        .isEqualTo(
            "secrets is forbidden: User \"system:anonymous\" cannot list resource \"secrets\" in API"
                + " group \"\" in the namespace \"default\"");
    HttpResponse<String> unknown =
        served.asNobody(served.to("/api").header("Authorization", "Bearer nonsense"));
    assertThat(unknown.statusCode()).isEqualTo(401);
  }

  @Test
  void knowsServiceAccountsByTheirTokensAndRightsByTheirRoles() throws Exception {
    served.post(
        "/api/v1/namespaces/default/serviceaccounts",
        JSON,
        "{\"metadata\":{\"name\":\"builder\"}}");
    Obj token =
        tree(
            served
                .post(
                    "/api/v1/namespaces/default/serviceaccounts/builder/token",
                    JSON,
                    "{\"spec\":{}}")
                .body());
    String bearer = "Bearer " + token.child("status").text("token");
    HttpRequest.Builder list =
        served.to("/api/v1/namespaces/default/configmaps").header("Authorization", bearer);
    assertThat(served.asNobody(list).statusCode()).isEqualTo(403);
    HttpResponse<String> bound =
        served.post(
            "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
            JSON,
            """
            {"metadata":{"name":"builder"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},
             "subjects":[{"kind":"ServiceAccount","name":"builder","namespace":"default"}]}""");
    assertThat(bound.statusCode()).as(bound.body()).isEqualTo(201);
    await(() -> served.asNobody(list).statusCode() == 200);
    HttpRequest.Builder secrets =
        served.to("/api/v1/namespaces/default/secrets").header("Authorization", bearer);
    assertThat(served.asNobody(secrets).statusCode()).isEqualTo(403);
    HttpResponse<String> escalated =
        served.asNobody(
            served
                .to("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings")
                .header("Authorization", bearer)
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(escalated.statusCode()).isEqualTo(403);
    served.send(served.to("/api/v1/namespaces/default/serviceaccounts/builder").DELETE());
  }

  /**
   * Waits for what the watching threads bring about, without a clock: each try is a whole request.
   */
  private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 500; i++) {
      if (condition.call()) {
        return;
      }
    }
    throw new AssertionError("did not come about within 500 requests");
  }

  @Test
  void answersAsSomebodyElseWhenAsked() throws Exception {
    HttpRequest.Builder whoAmI =
        served
            .to("/apis/authentication.k8s.io/v1/selfsubjectreviews")
            .header("Impersonate-User", "ann")
            .header("Impersonate-Group", "ops")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    Obj info = tree(served.send(whoAmI).body()).child("status").child("userInfo");
    assertThat(info.text("username")).isEqualTo("ann");
    assertThat(info.texts("groups")).containsExactly("ops", "system:authenticated");
  }

  @Test
  void givesNobodyMoreRightsThanTheGiverHas() throws Exception {
    served.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        JSON,
        """
        {"metadata":{"name":"role-writer"},"rules":[
          {"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["create"]}]}""");
    served.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        JSON,
        """
        {"metadata":{"name":"role-writer"},
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"role-writer"},
         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"eve"}]}""");
    HttpRequest.Builder grab =
        served
            .to("/apis/rbac.authorization.k8s.io/v1/clusterroles")
            .header("Content-Type", JSON)
            .header("Impersonate-User", "eve")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"metadata":{"name":"all"},"rules":[
                      {"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}"""));
    await(() -> served.send(grab).body().contains("attempting to grant"));
    assertThat(served.send(grab).statusCode()).isEqualTo(403);
  }

  @Test
  void listsWhatItServesPlainAndAggregated() throws Exception {
    Obj v1 = tree(served.get("/api/v1").body());
    assertThat(v1.items("resources"))
        .extracting(each -> each.text("name"))
        .contains("pods", "pods/log", "services", "namespaces");
    assertThat(tree(served.get("/apis").body()).items("groups"))
        .extracting(each -> each.text("name"))
        .contains("apps", "batch", "rbac.authorization.k8s.io", "metrics.k8s.io");
    String aggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    HttpResponse<String> all = served.get("/apis", aggregated);
    assertThat(tree(all.body()).text("kind")).isEqualTo("APIGroupDiscoveryList");
    assertThat(all.headers().firstValue("ETag")).isPresent();
    HttpResponse<String> same =
        served.send(
            served
                .to("/apis")
                .header("Accept", aggregated)
                .header("If-None-Match", all.headers().firstValue("ETag").orElseThrow()));
    assertThat(same.statusCode()).isEqualTo(304);
  }

  @Test
  void describesItselfInOpenApi() throws Exception {
    Obj index = tree(served.get("/openapi/v3").body()).child("paths");
    String url = index.child("apis/apps/v1").text("serverRelativeURL");
    Obj apps = tree(served.get(url).body());
    Obj deployment =
        apps.child("components").child("schemas").child("io.k8s.api.apps.v1.Deployment");
    assertThat(deployment.items("x-kubernetes-group-version-kind").getFirst().text("kind"))
        .isEqualTo("Deployment");
    Obj patch =
        apps.child("paths")
            .child("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
            .child("patch");
    assertThat(patch.items("parameters"))
        .extracting(each -> each.text("name"))
        .contains("fieldValidation");
    Obj swagger = tree(served.get("/openapi/v2").body());
    Obj containers =
        swagger
            .child("definitions")
            .child("io.k8s.api.core.v1.PodSpec")
            .child("properties")
            .child("containers");
    assertThat(containers.text("x-kubernetes-patch-merge-key")).isEqualTo("name");
    HttpResponse<byte[]> protobuf =
        served.sendForBytes(
            served
                .to("/openapi/v2")
                .header("Accept", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"));
    assertThat(new String(protobuf.body(), 0, 5, StandardCharsets.ISO_8859_1))
        .isEqualTo("\n\u00032.0");
  }

  @Test
  void countsRequests() throws Exception {
    served.get("/api/v1/nodes");
    create("counted");
    served.get("/api/v1/madeupbyaclient");
    Exposition figures = Exposition.parse(served.get("/metrics", "text/plain").body());
    assertThat(
            figures.value(
                "apiserver_request_total", "code=\"200\"", "verb=\"LIST\"", "resource=\"nodes\""))
        .isPositive();
    assertThat(figures.value("apiserver_request_total", "code=\"201\"", "verb=\"POST\""))
        .isPositive();
    assertThat(figures.value("apiserver_request_total", "madeupbyaclient")).isZero();
    assertThat(figures.types())
        .containsEntry("apiserver_request_duration_seconds", "histogram")
        .containsEntry("apiserver_current_inflight_requests", "gauge")
        .containsKey("process_resident_memory_bytes");
    assertThat(
            figures.value(
                "apiserver_admission_controller_admission_duration_seconds_count",
                "name=\"ServiceAccount\"",
                "operation=\"CREATE\"",
                "type=\"admit\""))
        .isPositive();
    assertThat(
            figures.value(
                "etcd_request_duration_seconds_count",
                "operation=\"create\"",
                "resource=\"configmaps\""))
        .isPositive();
    assertThat(figures.value("apiserver_storage_objects", "resource=\"namespaces\""))
        .isEqualTo(figures.value("apiserver_resource_objects", "resource=\"namespaces\""))
        .isGreaterThan(3);
  }

  @Test
  void measuresWhatItCanBeHeldTo() throws Exception {
    String size = served.get("/api/v1/nodes").headers().firstValue("Content-Length").orElse("0");
    Exposition figures = Exposition.parse(served.get("/metrics", "text/plain").body());
    String[] labels = {"verb=\"LIST\"", "resource=\"nodes\"", "scope=\"cluster\""};
    assertThat(figures.value("apiserver_request_sli_duration_seconds_count", labels)).isPositive();
    assertThat(figures.value("apiserver_request_sli_duration_seconds_sum", labels))
        .isLessThanOrEqualTo(figures.value("apiserver_request_duration_seconds_sum", labels));
    assertThat(figures.value("apiserver_response_sizes_sum", labels))
        .isGreaterThanOrEqualTo(Double.parseDouble(size));
    assertThat(figures.value("apiserver_client_certificate_expiration_seconds_count"))
        .isEqualTo(
            figures.value("apiserver_client_certificate_expiration_seconds_bucket", "le=\"+Inf\""));
    assertThat(figures.value("aggregator_unavailable_apiservice", "name=\"v1.apps\"")).isZero();
    assertThat(figures.types()).containsEntry("aggregator_unavailable_apiservice", "gauge");
  }

  @Test
  void countsWatchesAndWhatTheySend() throws Exception {
    create("seen");
    String path =
        "/api/v1/namespaces/default/configmaps?watch=true&fieldSelector=metadata.name=seen";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(served.open(path, JSON).body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).contains("ADDED", "seen");
      Exposition figures = Exposition.parse(served.get("/metrics", "text/plain").body());
      String[] labels = {"version=\"v1\"", "resource=\"configmaps\""};
      assertThat(figures.value("apiserver_longrunning_requests", labels)).isPositive();
      assertThat(figures.value("apiserver_watch_events_total", labels)).isPositive();
      assertThat(figures.value("apiserver_watch_events_sizes_sum", labels)).isPositive();
    }
  }

  @Test
  void namesEachCheckOfItsHealth() throws Exception {
    assertThat(served.get("/readyz?verbose").body()).contains("[+]ping ok", "readyz check passed");
    assertThat(served.get("/livez/ping").body()).isEqualTo("ok");
    assertThat(served.get("/livez/unknown").statusCode()).isEqualTo(404);
  }

  @Test
  void servesTheSameObjectsInTheProcess() throws Exception {
    create("local");
    ConfigMap seen =
        served
            .server
            .client(User.SYSTEM, "test")
            .get(Types.CONFIG_MAP, new ObjectKey("default", "local"));
    assertThat(seen.data()).isEqualTo(Map.of("a", "1"));
    assertThat(JsonCodec.encode(ConfigMap.CODEC, seen)).isNotEmpty();
  }

  @Test
  void keepsTheAdminsKubeconfigFromOthers() throws Exception {
    Path file = served.server.adminKubeconfig();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file).content().contains(served.server.url());
  }
}
