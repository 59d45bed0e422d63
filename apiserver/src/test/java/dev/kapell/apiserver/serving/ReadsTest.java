package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.api.JsonCodec;
import dev.kapell.api.ProtoCodec;
import dev.kapell.api.apiregistration.v1.APIService;
import dev.kapell.apiserver.tree.Obj;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in pages, at revisions, in every form; watches from the past, now and the future. */
class ReadsTest {
  private static final String JSON = "application/json";
  private static final String PARTIAL =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  private static final String TABLE = "application/json;as=Table;g=meta.k8s.io;v=v1";

  @TempDir private static Path keys;
  private static Served served;

  @BeforeAll
  static void start() throws Exception {
    served = new Served(keys);
    for (String namespace : List.of("paged", "watched", "exact")) {
      post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
    }
    for (int i = 0; i < 5; i++) {
      configMap("paged", "c" + i, "{\"even\":\"" + (i % 2 == 0) + "\"}", "x");
    }
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static Obj post(String path, String body) throws Exception {
    HttpResponse<String> answer = served.post(path, JSON, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return tree(answer.body());
  }

  private static Obj configMap(String namespace, String name, String labels, String data)
      throws Exception {
    return post(
        "/api/v1/namespaces/" + namespace + "/configmaps",
        "{\"metadata\":{\"name\":\"%s\",\"labels\":%s},\"data\":{\"a\":\"%s\"}}"
            .formatted(name, labels, data));
  }

  private static Obj tree(String json) {
    return Obj.root(ObjectWriter.tree(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static Obj list(String query) throws Exception {
    HttpResponse<String> answer = served.get("/api/v1/namespaces/paged/configmaps" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return tree(answer.body());
  }

  private static List<String> names(Obj list) {
    return list.items("items").stream().map(item -> item.child("metadata").text("name")).toList();
  }

  @Test
  void allPagesShowTheRevisionOfTheFirst() throws Exception {
    Obj first = list("?limit=2");
    String revision = first.child("metadata").text("resourceVersion");
    assertThat(names(first)).containsExactly("c0", "c1");
    assertThat(first.child("metadata").number("remainingItemCount", 0)).isEqualTo(3);
    configMap("paged", "c0-later", "{}", "x");
    try {
      Obj second = list("?limit=2&continue=" + first.child("metadata").text("continue"));
      assertThat(names(second)).containsExactly("c2", "c3");
      assertThat(second.child("metadata").text("resourceVersion")).isEqualTo(revision);
      Obj last = list("?limit=2&continue=" + second.child("metadata").text("continue"));
      assertThat(names(last)).containsExactly("c4");
      assertThat(last.child("metadata").has("continue")).isFalse();
      assertThat(last.child("metadata").has("remainingItemCount")).isFalse();
    } finally {
      served.send(served.to("/api/v1/namespaces/paged/configmaps/c0-later").DELETE());
    }
  }

  @Test
  void aLimitCountsWhatASelectorLetsThrough() throws Exception {
    List<String> names = new ArrayList<>();
    String next = "";
    do {
      Obj page = list("?limit=1&labelSelector=even%3Dtrue" + next);
      assertThat(page.child("metadata").has("remainingItemCount")).isFalse();
      names.addAll(names(page));
      String token = page.child("metadata").text("continue");
      next = token.isEmpty() ? "" : "&continue=" + token;
    } while (!next.isEmpty());
    assertThat(names).containsExactly("c0", "c2", "c4");
  }

  @Test
  void anExpiredPageGivesATokenByWhichTheListGoesOn() throws Exception {
    Obj first = list("?limit=2");
    for (int i = 0; i < 80; i++) { // more lists in pages than are kept
      configMap("exact", "n" + i, "{}", "x");
      list("?limit=1");
    }
    String next = "?limit=2&continue=" + first.child("metadata").text("continue");
    assertThat(names(list(next))).containsExactly("c2", "c3");
    for (int i = 0; i < 80; i++) {
      configMap("exact", "m" + i, "{}", "x");
      list("?limit=1");
    }
    served.store().compact(served.store().snapshot().revision());
    HttpResponse<String> gone = served.get("/api/v1/namespaces/paged/configmaps" + next);
    assertThat(gone.statusCode()).isEqualTo(410);
    Obj status = tree(gone.body());
    assertThat(status.text("reason")).isEqualTo("Expired");
    Obj rest = list("?continue=" + status.child("metadata").text("continue"));
    assertThat(names(rest)).containsExactly("c2", "c3", "c4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?resourceVersionMatch=Exact | 422 | resourceVersionMatch is forbidden unless resourceVersion is provided",
        "?resourceVersionMatch=Exact&resourceVersion=0 | 422 | resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
        "?resourceVersionMatch=Near&resourceVersion=1 | 422 | Unsupported value: \"Near\"",
        "?resourceVersionMatch=Exact&resourceVersion=1&continue=e30 | 422 | resourceVersionMatch is forbidden when continue is provided",
        "?resourceVersionMatch=Exact&continue=e30 | 422 | resourceVersionMatch is forbidden when continue is provided",
        "?resourceVersion=999999 | 504 | Too large resource version: 999999",
        "?resourceVersion=x | 400 | invalid resource version",
        "?sendInitialEvents=true | 422 | sendInitialEvents is forbidden for list",
        "?continue=%21 | 400 | invalid continue token: continue key is not valid",
        "?continue=e30 | 400 | invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
        "?continue=eyJydiI6MX0 | 400 | invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)",
        "?continue=eyJydiI6OTk5OTk5LCJzdGFydCI6ImEifQ | 504 | Too large resource version: 999999",
        "?limit=1&continue=eyJydiI6MSwic3RhcnQiOiJhIn0&resourceVersion=7 | 400 | specifying resource version is not allowed when using continue",
        "?fieldSelector=data.a%3Dx | 400 | field label \"data.a\" not supported for \"ConfigMap\"",
        "?fieldSelector=metadata.name | 400 | selector",
        "?labelSelector=a%20b%20c | 400 | unable to parse",
        "?watch=1&resourceVersionMatch=NotOlderThan | 422 | resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
        "?watch=1&resourceVersionMatch=Exact | 422 | Unsupported value: \"Exact\": supported values: \"NotOlderThan\"",
        "?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&continue=e30 | 422 | resourceVersionMatch is forbidden when continue is provided",
        "?watch=1&sendInitialEvents=true | 422 | sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=999999 | 504 | Too large resource version",
        "?watch=1&timeoutSeconds=soon | 400 | timeoutSeconds",
      })
  void optionsThatDoNotGoTogetherAreRefused(String query, int code, String message)
      throws Exception {
    HttpResponse<String> answer = served.get("/api/v1/namespaces/paged/configmaps" + query.strip());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
    assertThat(tree(answer.body()).text("message")).contains(message.strip());
  }

  @Test
  void anExactRevisionIsTheOneAskedFor() throws Exception {
    String revision = list("").child("metadata").text("resourceVersion");
    Obj exact = list("?resourceVersionMatch=Exact&resourceVersion=" + revision);
    assertThat(exact.child("metadata").text("resourceVersion")).isEqualTo(revision);
    Obj newer = list("?resourceVersionMatch=NotOlderThan&resourceVersion=" + revision);
    assertThat(names(newer)).hasSize(5);
  }

  /** Reads events of a watch; the watch ends with the test. */
  private static final class Events implements AutoCloseable {
    private final BufferedReader lines;

    Events(String query, String accept) throws Exception {
      HttpResponse<java.io.InputStream> answer =
          served.open("/api/v1/namespaces/watched/configmaps?watch=1" + query, accept);
      assertThat(answer.statusCode()).isEqualTo(200);
      lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    Obj next() throws Exception {
      return tree(lines.readLine());
    }

    @Override
    public void close() throws java.io.IOException {
      lines.close();
    }
  }

  private static String name(Obj event) {
    return event.text("type") + " " + event.child("object").child("metadata").text("name");
  }

  @Test
  void aWatchStartsWithTheStateOrAfterARevisionOrInTheFuture() throws Exception {
    Obj one = configMap("watched", "w1", "{}", "x");
    String revision = one.child("metadata").text("resourceVersion");
    try (Events state = new Events("", JSON)) {
      assertThat(name(state.next())).startsWith("ADDED ");
    }
    Obj two = configMap("watched", "w2", "{}", "x");
    try (Events past = new Events("&resourceVersion=" + revision, JSON)) {
      assertThat(name(past.next())).isEqualTo("ADDED w2");
    }
    long future = Long.parseLong(two.child("metadata").text("resourceVersion")) + 1;
    try (Events ahead = new Events("&resourceVersion=" + future, JSON)) {
      configMap("watched", "w3", "{}", "x"); // the revision that is not wanted
      configMap("watched", "w4", "{}", "x");
      assertThat(name(ahead.next())).isEqualTo("ADDED w4");
    }
  }

  @Test
  void aStreamingListEndsWithAMarkedBookmark() throws Exception {
    configMap("watched", "s1", "{\"s\":\"1\"}", "x");
    String query =
        "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
            + "&labelSelector=s%3D1";
    try (Events events = new Events(query, JSON)) {
      assertThat(name(events.next())).isEqualTo("ADDED s1");
      Obj bookmark = events.next();
      assertThat(bookmark.text("type")).isEqualTo("BOOKMARK");
      Obj metadata = bookmark.child("object").child("metadata");
      assertThat(metadata.strings("annotations"))
          .containsEntry("k8s.io/initial-events-end", "true");
      assertThat(bookmark.child("object").text("kind")).isEqualTo("ConfigMap");
      configMap("watched", "s2", "{\"s\":\"1\"}", "x");
      assertThat(name(events.next())).isEqualTo("ADDED s2");
    }
  }

  @Test
  void aWatchShowsTablesAndMetadata() throws Exception {
    configMap("watched", "t1", "{\"t\":\"1\"}", "x");
    try (Events tables = new Events("&labelSelector=t%3D1", TABLE)) {
      Obj table = tables.next().child("object");
      assertThat(table.text("kind")).isEqualTo("Table");
      assertThat(table.items("columnDefinitions")).hasSize(3);
      configMap("watched", "t2", "{\"t\":\"1\"}", "x");
      Obj second = tables.next().child("object");
      assertThat(second.items("columnDefinitions")).isEmpty();
      assertThat(second.items("rows").getFirst().values("cells").getFirst()).isEqualTo("t2");
    }
    try (Events partial = new Events("&labelSelector=t%3D1", PARTIAL)) {
      Obj object = partial.next().child("object");
      assertThat(object.text("kind")).isEqualTo("PartialObjectMetadata");
      assertThat(object.child("metadata").text("name")).isEqualTo("t1");
      assertThat(object.has("data")).isFalse();
    }
  }

  @Test
  void aWatchThatLeavesTheSelectionIsADeletion() throws Exception {
    Obj object = configMap("watched", "l1", "{\"l\":\"1\"}", "x");
    String from = object.child("metadata").text("resourceVersion");
    try (Events events = new Events("&labelSelector=l%3D1&resourceVersion=" + from, JSON)) {
      HttpResponse<String> changed =
          served.send(
              served
                  .to("/api/v1/namespaces/watched/configmaps/l1")
                  .header("Content-Type", "application/merge-patch+json")
                  .method(
                      "PATCH",
                      java.net.http.HttpRequest.BodyPublishers.ofString(
                          "{\"metadata\":{\"labels\":{\"l\":\"2\"}}}")));
      Obj event = events.next();
      assertThat(name(event)).isEqualTo("DELETED l1");
      assertThat(event.child("object").child("metadata").text("resourceVersion"))
          .isEqualTo(tree(changed.body()).child("metadata").text("resourceVersion"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | application/json | {\"apiVersion\":\"v1\",\"kind\":\"Status\"",
        "application/yaml | application/yaml | kind: Status",
        "application/yaml;as=Table;g=meta.k8s.io;v=v1, application/yaml | application/yaml | reason: NotFound",
        "application/vnd.kubernetes.protobuf | application/vnd.kubernetes.protobuf | k8s",
        "application/json;q=0.5, application/vnd.kubernetes.protobuf | application/vnd.kubernetes.protobuf | k8s",
        "*/* | application/json | \"reason\":\"NotFound\"",
        "text/html | application/json | {",
      })
  void aRefusalComesInTheFormAskedFor(String accept, String form, String part) throws Exception {
    HttpResponse<String> answer = served.get("/api/v1/namespaces/none", accept);
    assertThat(answer.headers().firstValue("Content-Type")).contains(form);
    assertThat(answer.body()).contains(part);
  }

  @Test
  void anObjectIsSentAndAnsweredInYaml() throws Exception {
    HttpResponse<String> made =
        served.send(
            served
                .to("/api/v1/namespaces/exact/configmaps")
                .header("Content-Type", "application/yaml")
                .header("Accept", "application/yaml")
                .POST(
                    java.net.http.HttpRequest.BodyPublishers.ofString(
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: y}\ndata: {a: 'on'}\n")));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(made.headers().firstValue("Content-Type")).contains("application/yaml");
    assertThat(made.body()).contains("a: 'on'");
  }

  /** What has no protobuf form broke the connection of whoever watched it in that form. */
  @ParameterizedTest
  @ValueSource(strings = {"", "?watch=1&timeoutSeconds=1", "/b"})
  void whatHasNoProtobufFormComesAsJsonOrNotAtAll(String what) throws Exception {
    served.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", JSON, BARE);
    String bare =
        "{\"apiVersion\":\"kapell.test/v1\",\"kind\":\"Bare\",\"metadata\":{\"name\":\"b\"}}";
    while (served.post("/apis/kapell.test/v1/bares", JSON, bare).statusCode() == 404) {
      Thread.onSpinWait(); // its definition is served a moment later
    }
    String path = "/apis/kapell.test/v1/bares" + what;
    HttpResponse<String> either = served.get(path, PROTOBUF + ",application/json");
    assertThat(either.statusCode()).as(either.body()).isEqualTo(200);
    assertThat(either.body()).startsWith("{").contains("Bare");
    assertThat(served.get(path, PROTOBUF).statusCode()).isEqualTo(406);
  }

  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  private static final String BARE =
      """
      {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
       "metadata":{"name":"bares.kapell.test"},
       "spec":{"group":"kapell.test","scope":"Cluster","names":{"plural":"bares","kind":"Bare"},
        "versions":[{"name":"v1","served":true,"storage":true,
         "schema":{"openAPIV3Schema":{"type":"object"}}}]}}""";

  @Test
  void anApiServiceIsSentAndAnsweredInProtobuf() throws Exception {
    String path = "/apis/apiregistration.k8s.io/v1/apiservices";
    String json =
        """
        {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService",
         "metadata":{"name":"v1.proto.kapell.test"},
         "spec":{"group":"proto.kapell.test","version":"v1","groupPriorityMinimum":2000,
          "versionPriority":15,"service":{"namespace":"default","name":"none","port":8443}}}""";
    APIService sent = JsonCodec.decode(APIService.CODEC, json.getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> made =
        served.sendForBytes(
            served
                .to(path)
                .header("Content-Type", PROTOBUF)
                .header("Accept", PROTOBUF)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(sealed(sent))));
    assertThat(made.statusCode())
        .as(new String(made.body(), StandardCharsets.UTF_8))
        .isEqualTo(201);
    APIService answered = apiService(made.body());
    assertThat(answered.spec()).isEqualTo(sent.spec());
    String name = path + "/v1.proto.kapell.test";
    assertThat(
            JsonCodec.decode(
                    APIService.CODEC, served.get(name).body().getBytes(StandardCharsets.UTF_8))
                .spec())
        .isEqualTo(sent.spec());
    for (String what : List.of(path, path + "?watch=1&timeoutSeconds=1")) {
      HttpResponse<String> listed = served.get(what, PROTOBUF);
      assertThat(listed.statusCode()).isEqualTo(200);
      assertThat(listed.headers().firstValue("Content-Type").orElse("")).startsWith(PROTOBUF);
      assertThat(listed.body()).contains("v1.proto.kapell.test", "v1.apps");
    }
  }

  private static byte[] sealed(APIService service) {
    byte[] message = ProtoCodec.encode(APIService.CODEC, service);
    ProtoCodec.Seal seal =
        ProtoCodec.seal("apiregistration.k8s.io/v1", "APIService", message.length);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(seal.before());
    whole.writeBytes(message);
    whole.writeBytes(seal.after());
    return whole.toByteArray();
  }

  private static APIService apiService(byte[] body) {
    return ProtoCodec.decode(APIService.CODEC, ProtoCodec.open(body).raw());
  }

  @Test
  void eventsAreNeverYaml() throws Exception {
    HttpResponse<String> answer = served.get("/api/v1/configmaps?watch=1", "application/yaml");
    assertThat(answer.statusCode()).isEqualTo(406);
    assertThat(served.get("/api/v1/configmaps", "application/yaml").body())
        .startsWith("kind: ConfigMapList");
  }
}
