package dev.kapell.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kapell.api.Types;
import dev.kapell.api.core.v1.ConfigMap;
import dev.kapell.api.meta.v1.DeleteOptions;
import dev.kapell.api.meta.v1.ObjectMeta;
import dev.kapell.client.ApiFailure;
import dev.kapell.client.ListQuery;
import dev.kapell.client.Listing;
import dev.kapell.client.ObjectKey;
import dev.kapell.client.Patch;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real HTTP server that answers what it is told to. */
class RemoteClientTest {
  private static final ObjectKey KEY = new ObjectKey("default", "a");

  private record Answer(int code, String body) {}

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Answer answer = new Answer(200, "{}");
  private HttpServer server;
  private Connection connection;
  private RemoteClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    connection =
        Connection.to(
            new Credentials(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("secret"),
                "default"));
    client = new RemoteClient(connection);
  }

  @AfterEach
  void stop() {
    connection.close();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    requests.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + (type == null ? "" : " " + type + " " + body));
    assertThat(exchange.getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer secret");
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.code(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String status(int code, String reason) {
    return """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"because",\
        "reason":"%s","code":%d}"""
        .formatted(reason, code);
  }

  @Test
  void anObjectIsFoundOrNot() {
    answer = new Answer(200, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}");
    assertThat(client.find(Types.CONFIG_MAP, KEY).orElseThrow().data()).containsEntry("k", "v");
    answer = new Answer(404, status(404, "NotFound"));
    assertThat(client.find(Types.CONFIG_MAP, KEY)).isEmpty();
    assertThatThrownBy(() -> client.get(Types.CONFIG_MAP, KEY))
        .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.isNotFound()).isTrue());
    assertThat(requests.getFirst()).isEqualTo("GET /api/v1/namespaces/default/configmaps/a");
  }

  @Test
  void aListKeepsItsRevisionAndEncodesItsSelectors() {
    answer =
        new Answer(
            200,
            "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[{\"metadata\":{\"name\":\"a\"}}]}");
    Listing<ConfigMap> listing =
        client.list(Types.CONFIG_MAP, ListQuery.ALL.labels("a=b,c!=d").fields("metadata.name=a"));
    assertThat(listing.resourceVersion()).isEqualTo("7");
    assertThat(listing.items()).extracting(item -> item.metadata().name()).containsExactly("a");
    assertThat(requests)
        .containsExactly(
            "GET /api/v1/configmaps?labelSelector=a%3Db%2Cc%21%3Dd&fieldSelector=metadata.name%3Da");
  }

  @Test
  void aRefusalCarriesTheServersStatus() {
    answer = new Answer(409, status(409, "AlreadyExists"));
    ConfigMap object =
        ConfigMap.builder()
            .metadata(ObjectMeta.builder().name("a").namespace("default").build())
            .build();
    ApiFailure failure =
        catchThrowableOfType(ApiFailure.class, () -> client.create(Types.CONFIG_MAP, object));
    assertThat(failure.isAlreadyExists()).isTrue();
    assertThat(failure).hasMessage("because");
    answer = new Answer(502, "<html>no gateway</html>");
    failure = catchThrowableOfType(ApiFailure.class, () -> client.update(Types.CONFIG_MAP, object));
    assertThat(failure.code()).isEqualTo(502);
    assertThat(failure).hasMessageContaining("no gateway");
  }

  @Test
  void aPatchSaysItsFormAndItsManager() {
    client.patch(
        Types.CONFIG_MAP, KEY, new Patch(Patch.Form.APPLY, "{\"a\":1}", "", "kapell", true));
    client.patch(Types.POD, KEY, Patch.merge("{}").onStatus());
    assertThat(requests)
        .containsExactly(
            "PATCH /api/v1/namespaces/default/configmaps/a?fieldManager=kapell&force=true"
                + " application/apply-patch+yaml {\"a\":1}",
            "PATCH /api/v1/namespaces/default/pods/a/status application/merge-patch+json {}");
  }

  @Test
  void aDeleteCarriesItsOptions() {
    client.delete(Types.DEPLOYMENT, KEY, DeleteOptions.EMPTY.withPropagationPolicy("Foreground"));
    assertThat(requests.getFirst())
        .startsWith("DELETE /apis/apps/v1/namespaces/default/deployments/a application/json {")
        .contains("\"propagationPolicy\":\"Foreground\"");
  }

  @Test
  void aWatchReadsEventsUntilTheStreamEnds() throws InterruptedException {
    answer =
        new Answer(
            200,
            """
            {"type":"ADDED","object":{"metadata":{"name":"a"},"data":{"k":"v"}}}
            {"type":"NEWER","object":{"metadata":{}}}
            {"object":{"metadata":{"name":"b"}},"type":"DELETED"}
            {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}
            """);
    try (Watch<ConfigMap> watch = client.watch(Types.CONFIG_MAP, ListQuery.in("default"), "7")) {
      assertThat(watch.next())
          .isInstanceOfSatisfying(
              WatchEvent.Added.class,
              event -> assertThat(((ConfigMap) event.object()).data()).isEqualTo(Map.of("k", "v")));
      assertThat(watch.next())
          .isInstanceOfSatisfying(
              WatchEvent.Deleted.class,
              event -> assertThat(event.object().metadata().name()).isEqualTo("b"));
      assertThat(watch.next()).isEqualTo(new WatchEvent.Bookmark<>("9"));
      assertThatThrownBy(watch::next).isInstanceOf(WatchClosedException.class);
    }
    assertThat(requests.getFirst())
        .isEqualTo(
            "GET /api/v1/namespaces/default/configmaps"
                + "?watch=true&allowWatchBookmarks=true&resourceVersion=7");
  }

  @Test
  void aWatchThatFellBehindHasExpired() {
    answer = new Answer(200, "{\"type\":\"ERROR\",\"object\":" + status(410, "Expired") + "}\n");
    try (Watch<ConfigMap> watch = client.watch(Types.CONFIG_MAP, ListQuery.ALL, "1")) {
      assertThatThrownBy(watch::next)
          .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.isExpired()).isTrue());
    }
    answer = new Answer(410, status(410, "Expired"));
    assertThatThrownBy(() -> client.watch(Types.CONFIG_MAP, ListQuery.ALL, "1"))
        .isInstanceOfSatisfying(ApiFailure.class, e -> assertThat(e.isExpired()).isTrue());
  }

  @Test
  void nobodyThereSaysWhatToDo() {
    server.stop(0);
    assertThatThrownBy(() -> client.get(Types.CONFIG_MAP, KEY))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("kapell up");
  }
}
