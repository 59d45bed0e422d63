package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kapell.apiserver.registry.Wire;
import dev.kapell.apiserver.tracing.TracingOptions;
import dev.kapell.apiserver.tree.Obj;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets, over HTTP. */
class TracingTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final int ALL = 1_000_000;

  @TempDir private Path keys;

  private interface Requests {
    void send(Served served) throws Exception;
  }

  /** The spans that a collector, which answers {@code status}, has got once the server ended. */
  private List<Obj> spans(int samplesPerMillion, int status, Requests requests) throws Exception {
    Queue<byte[]> bodies = new ConcurrentLinkedQueue<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          bodies.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    collector.start();
    try {
      URI url = URI.create("http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces");
      Operations traced =
          Operations.defaults().withTracing(new TracingOptions(url, samplesPerMillion));
      try (Served served = new Served(keys, traced)) {
        requests.send(served);
      }
    } finally {
      collector.stop(0);
    }
    List<Obj> spans = new ArrayList<>();
    for (byte[] body : bodies) {
      for (Obj resource : Obj.root(Wire.parse(body)).items("resourceSpans")) {
        for (Obj scope : resource.items("scopeSpans")) {
          spans.addAll(scope.items("spans"));
        }
      }
    }
    return spans;
  }

  private static List<Obj> named(String name, List<Obj> spans) {
    return spans.stream().filter(span -> span.text("name").equals(name)).toList();
  }

  private static String attribute(Obj span, String key) {
    return span.items("attributes").stream()
        .filter(attribute -> attribute.text("key").equals(key))
        .map(attribute -> String.valueOf(attribute.child("value").map().values().iterator().next()))
        .findFirst()
        .orElse("");
  }

  @Test
  void anAdministratorsRequestBecomesPartOfTheTraceThatItNames() throws Exception {
    String map = "{\"metadata\":{\"name\":\"m\"}}";
    List<Obj> spans =
        spans(
            0,
            200,
            served ->
                served.send(
                    served
                        .to("/api/v1/namespaces/default/configmaps")
                        .header("traceparent", PARENT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(map))));
    assertThat(spans).allMatch(span -> span.text("traceId").equals(TRACE));
    Obj request = named("KubernetesAPI", spans).getFirst();
    assertThat(request.text("parentSpanId")).isEqualTo("00f067aa0ba902b7");
    assertThat(request.number("kind", 0)).isEqualTo(2);
    assertThat(attribute(request, "http.request.method")).isEqualTo("POST");
    assertThat(attribute(request, "url.path")).isEqualTo("/api/v1/namespaces/default/configmaps");
    assertThat(attribute(request, "http.response.status_code")).isEqualTo("201");
    assertThat(attribute(request, "audit-id")).isNotEmpty();
    Obj write = named("Write to the store", spans).getFirst();
    assertThat(write.text("parentSpanId")).isEqualTo(request.text("spanId"));
    assertThat(Long.parseLong(write.text("startTimeUnixNano")))
        .isGreaterThanOrEqualTo(Long.parseLong(request.text("startTimeUnixNano")));
    assertThat(Long.parseLong(write.text("endTimeUnixNano")))
        .isLessThanOrEqualTo(Long.parseLong(request.text("endTimeUnixNano")));
  }

  @Test
  void aRequestWithoutATraceIsKeptAsOftenAsTheConfigurationSays() throws Exception {
    assertThat(spans(0, 200, served -> served.get(PODS))).isEmpty();
    List<Obj> all = named("KubernetesAPI", spans(ALL, 200, served -> served.get(PODS)));
    assertThat(all).hasSize(1);
    assertThat(all.getFirst().has("parentSpanId")).isFalse();
    assertThat(all.getFirst().text("traceId")).matches("[0-9a-f]{32}");
  }

  @Test
  void aTraceThatIsNotKeptIsNotKeptHereEither() throws Exception {
    String dropped = PARENT.substring(0, PARENT.length() - 1) + "0";
    assertThat(
            spans(ALL, 200, served -> served.send(served.to(PODS).header("traceparent", dropped))))
        .isEmpty();
  }

  @Test
  void aStrangersTraceIsOnlyLinkedTo() throws Exception {
    Requests strange =
        served -> served.asNobody(served.to("/healthz").header("traceparent", PARENT));
    assertThat(spans(0, 200, strange)).isEmpty();
    Obj span = named("KubernetesAPI", spans(ALL, 200, strange)).getFirst();
    assertThat(span.text("traceId")).isNotEqualTo(TRACE);
    assertThat(span.has("parentSpanId")).isFalse();
    assertThat(span.items("links").getFirst().text("traceId")).isEqualTo(TRACE);
  }

  @Test
  void aCollectorThatFailsCostsNoRequest() throws Exception {
    List<Obj> spans =
        spans(ALL, 503, served -> assertThat(served.get(PODS).statusCode()).isEqualTo(200));
    assertThat(spans).isNotEmpty();
  }
}
