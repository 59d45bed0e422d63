package dev.kapell.apiserver.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpServer;
import dev.kapell.http.ServerOptions;
import dev.kapell.http.Tunnel;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs, exec and proxies, through a real server, to a node agent that the test plays. */
class ConversationTest {
  private static final Headers TEXT = Headers.contentType("text/plain");

  @TempDir private Path keys;
  private Served served;
  private HttpServer agent;

  @BeforeEach
  void start() throws Exception {
    served = new Served(keys);
    agent =
        HttpServer.start(
            "agent",
            ServerOptions.at("0.0.0.0", 0)
                .with(
                    served
                        .server
                        .pki()
                        .node("n1", List.of("127.0.0.1"))
                        .trusting(served.server.pki().caPem())),
            this::answer);
    served.post("/api/v1/nodes", "application/json", "{\"metadata\":{\"name\":\"n1\"}}");
    served.send(
        served
            .to("/api/v1/nodes/n1/status")
            .header("Content-Type", "application/merge-patch+json")
            .method(
                "PATCH",
                java.net.http.HttpRequest.BodyPublishers.ofString(
                    """
                    {"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
                     "daemonEndpoints":{"kubeletEndpoint":{"Port":%d}}}}"""
                        .formatted(agent.port()))));
    served.post(
        "/api/v1/namespaces/default/serviceaccounts",
        "application/json",
        "{\"metadata\":{\"name\":\"default\"}}");
    pod("one", "{\"name\":\"c\",\"image\":\"x\"}");
    pod("two", "{\"name\":\"c\",\"image\":\"x\"},{\"name\":\"d\",\"image\":\"x\"}");
  }

  private void pod(String name, String containers) throws Exception {
    HttpResponse<String> created =
        served.post(
            "/api/v1/namespaces/default/pods",
            "application/json",
            "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"nodeName\":\"n1\",\"containers\":[%s]}}"
                .formatted(name, containers));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
  }

  @AfterEach
  void stop() {
    agent.close();
    served.close();
  }

  private void answer(Exchange exchange) throws Exception {
    if (exchange.peerCertificates().isEmpty()) {
      exchange.respond(401, TEXT, new byte[0]);
    } else if (exchange.path().startsWith("/exec/")) {
      greet(exchange);
    } else {
      String seen =
          exchange.path()
              + "?"
              + exchange.rawQuery()
              + " "
              + exchange.headers().first("Authorization").orElse("-");
      exchange.respond(200, TEXT, seen.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Accepts a WebSocket and sends one text frame that shows the request. */
  private static void greet(Exchange exchange) throws Exception {
    String key =
        exchange.headers().first("Sec-WebSocket-Key").orElseThrow()
            + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    String accept =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-1").digest(key.getBytes(StandardCharsets.US_ASCII)));
    Headers headers =
        Headers.of("Upgrade", "websocket")
            .and("Sec-WebSocket-Accept", accept)
            .and("Sec-WebSocket-Protocol", "v5.channel.k8s.io");
    try (Tunnel tunnel = exchange.upgrade(headers)) {
      byte[] text = (exchange.path() + "?" + exchange.rawQuery()).getBytes(StandardCharsets.UTF_8);
      byte[] frame = new byte[text.length + 2];
      frame[0] = (byte) 0x81;
      frame[1] = (byte) text.length;
      System.arraycopy(text, 0, frame, 2, text.length);
      tunnel.write(frame);
      tunnel.read();
    }
  }

  @Test
  void relaysLogsToTheAgentOfThePodsNode() throws Exception {
    HttpResponse<String> logs =
        served.get("/api/v1/namespaces/default/pods/one/log?tailLines=5&pretty=true", "*/*");
    assertThat(logs.body()).isEqualTo("/containerLogs/default/one/c?tailLines=5 -");
  }

  @Test
  void asksWhichContainerIsMeant() throws Exception {
    HttpResponse<String> refused = served.get("/api/v1/namespaces/default/pods/two/log");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("choose one of: [c d]");
    assertThat(served.get("/api/v1/namespaces/default/pods/two/log?container=d").body())
        .startsWith("/containerLogs/default/two/d?");
    assertThat(served.get("/api/v1/namespaces/default/pods/two/log?container=e").statusCode())
        .isEqualTo(400);
    assertThat(served.get("/api/v1/namespaces/default/pods/absent/log").statusCode())
        .isEqualTo(404);
  }

  @Test
  void relaysACommandOverAWebSocket() throws Exception {
    CompletableFuture<String> greeting = new CompletableFuture<>();
    URI uri =
        URI.create(
            served.server.url().replace("https", "wss")
                + "/api/v1/namespaces/default/pods/one/exec?command=sh&command=-c&stdout=true&stdin=true");
    WebSocket socket =
        served
            .admin()
            .newWebSocketBuilder()
            .subprotocols("v5.channel.k8s.io")
            .buildAsync(
                uri,
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket from, CharSequence data, boolean last) {
                    greeting.complete(data.toString());
                    return CompletableFuture.completedFuture(null);
                  }
                })
            .get(10, TimeUnit.SECONDS);
    assertThat(greeting.get(10, TimeUnit.SECONDS))
        .isEqualTo("/exec/default/one/c?command=sh&command=-c&input=1&output=1&error=1");
    assertThat(socket.getSubprotocol()).isEqualTo("v5.channel.k8s.io");
    socket.abort();
  }

  @Test
  void relaysToTheAgentItself() throws Exception {
    assertThat(served.get("/api/v1/nodes/n1/proxy/stats/summary?only=cpu", "*/*").body())
        .isEqualTo("/stats/summary?only=cpu -");
  }

  @Test
  void sendsALogOverAWebSocketInBinaryMessages() throws Exception {
    CompletableFuture<String> line = new CompletableFuture<>();
    CompletableFuture<Integer> end = new CompletableFuture<>();
    WebSocket socket =
        served
            .admin()
            .newWebSocketBuilder()
            .subprotocols("binary.k8s.io")
            .buildAsync(
                URI.create(
                    served.server.url().replace("https", "wss")
                        + "/api/v1/namespaces/default/pods/one/log?container=c"),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onBinary(
                      WebSocket from, ByteBuffer data, boolean last) {
                    line.complete(StandardCharsets.UTF_8.decode(data).toString());
                    from.request(1);
                    return CompletableFuture.completedFuture(null);
                  }

                  @Override
                  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                    end.complete(code);
                    return CompletableFuture.completedFuture(null);
                  }
                })
            .get(10, TimeUnit.SECONDS);
    assertThat(line.get(10, TimeUnit.SECONDS)).isEqualTo("/containerLogs/default/one/c? -");
    assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
    assertThat(socket.getSubprotocol()).isEqualTo("binary.k8s.io");
  }

  /** An address of this machine that others see. */
  private static String outwards() throws Exception {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .findFirst()
        .orElseThrow()
        .getHostAddress();
  }

  @Test
  void speaksTlsToAPodWhenTheSchemeSaysSo() throws Exception {
    served.send(
        served
            .to("/api/v1/namespaces/default/pods/one/status")
            .header("Content-Type", "application/merge-patch+json")
            .method(
                "PATCH",
                java.net.http.HttpRequest.BodyPublishers.ofString(
                    "{\"status\":{\"podIP\":\"" + outwards() + "\"}}")));
    String path = "/api/v1/namespaces/default/pods/https:one:" + agent.port() + "/proxy/";
    // The agent's answer to somebody without a certificate: it was reached.
    assertThat(served.get(path, "*/*").statusCode()).isEqualTo(401);
  }

  @Test
  void saysWhenTheAgentCannotBeReached() throws Exception {
    agent.close();
    HttpResponse<String> refused = served.get("/api/v1/namespaces/default/pods/one/log");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(refused.body()).contains("error dialing backend").contains("127.0.0.1:");
  }
}
