package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpServerTest {
  private static final Headers TEXT = Headers.contentType("text/plain");

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private HttpServer serve(Handler handler) throws IOException {
    return serve(ServerOptions.at("127.0.0.1", 0), handler);
  }

  private HttpServer serve(ServerOptions options, Handler handler) throws IOException {
    HttpServer server = HttpServer.start("test", options, handler);
    open.add(server);
    return server;
  }

  private HttpClient client() {
    HttpClient client = HttpClient.newHttpClient();
    open.add(client::shutdownNow);
    return client;
  }

  private RawClient raw(HttpServer server) throws IOException {
    RawClient client = new RawClient(server.port());
    open.add(client);
    return client;
  }

  private static HttpRequest.Builder to(HttpServer server, String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target));
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final Handler ECHO =
      exchange -> {
        byte[] body = exchange.body();
        exchange.respond(
            200,
            TEXT,
            bytes(
                exchange.method()
                    + " "
                    + exchange.path()
                    + " "
                    + exchange.query().first("a")
                    + " "
                    + body.length));
      };

  @Test
  void answersRequestsOneAfterTheOtherOnOneConnection() throws Exception {
    RawClient client = raw(serve(ECHO));
    for (int i = 0; i < 3; i++) {
      client.send("POST /x%2Fy?a=1%202 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(client.readUntil("POST /x%2Fy 1 2 5")).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    RawClient client = raw(serve(ECHO));
    client.send(
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\nGET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(client.readUntil("GET /3  0")).containsSubsequence("GET /1", "GET /2", "GET /3");
  }

  @Test
  void refusesABodyOverTheLimitAndServesOn() throws Exception {
    HttpServer server = serve(ECHO);
    HttpResponse<byte[]> refused =
        client()
            .send(
                to(server, "/")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10 << 20]))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(text(refused)).contains("3145728");
    HttpResponse<byte[]> next =
        client().send(to(server, "/next").build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(text(next)).isEqualTo("GET /next  0");
  }

  @Test
  void refusesAChunkedBodyOverTheLimit() throws Exception {
    HttpServer server = serve(ECHO);
    HttpResponse<byte[]> refused =
        client()
            .send(
                to(server, "/")
                    .POST(
                        HttpRequest.BodyPublishers.ofInputStream(
                            () -> new java.io.ByteArrayInputStream(new byte[10 << 20])))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(refused.statusCode()).isEqualTo(413);
  }

  @Test
  void answersGarbageWithBadRequestAndCloses() throws Exception {
    HttpServer server = serve(ECHO);
    assertThat(raw(server).send("\u0016\u0003\u0001 nonsense\r\n\r\n").readAll())
        .startsWith("HTTP/1.1 400");
    assertThat(
            raw(server).send("GET / HTTP/1.1\r\nA: " + "x".repeat(70_000) + "\r\n\r\n").readAll())
        .startsWith("HTTP/1.1 431");
    assertThat(raw(server).send("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\n\r\n").readAll())
        .startsWith("HTTP/1.1 414");
    assertThat(
            raw(server)
                .send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
                .readUntil("framing"))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void letsGoOfARequestThatIsNotSentToItsEnd() throws Exception {
    HttpServer server =
        serve(
            ServerOptions.at("127.0.0.1", 0)
                .withTimeouts(
                    Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(2)),
            ECHO);
    assertThat(raw(server).send("GET / HTTP/1.1\r\nHo").readAll()).isEmpty();
    assertThat(
            raw(server)
                .send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf")
                .readAll())
        .startsWith("HTTP/1.1 408");
  }

  @Test
  void tellsTheHandlerWhenTheSenderLeavesInTheMiddleOfABody() throws Exception {
    AtomicReference<Exception> seen = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    HttpServer server =
        serve(
            exchange -> {
              try {
                exchange.body();
              } catch (IOException e) {
                seen.set(e);
              }
              done.countDown();
            });
    raw(server).send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf").close();
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(seen.get()).isInstanceOf(HttpFailure.class).hasMessageContaining("closed");
  }

  @Test
  void answersForAHandlerThatFailsWithAnError() throws Exception {
    HttpServer server =
        serve(
            exchange -> {
              throw new AssertionError("broken");
            });
    RawClient client = raw(server);
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(client.readUntil("internal error")).startsWith("HTTP/1.1 500");
  }

  @Test
  void asksForTheBodyOfASenderThatExpectsIt() throws Exception {
    RawClient client = raw(serve(ECHO));
    client.send("POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
    assertThat(client.send("ok").readUntil("POST /e  2")).startsWith("HTTP/1.1 200");
  }

  @Test
  void sendsSegmentsOfAnySizeInOrder() throws Exception {
    List<byte[]> segments = new ArrayList<>();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      String piece = "[" + "x".repeat(i % 2_000) + i + "]";
      expected.append(piece);
      segments.add(bytes(piece));
    }
    HttpServer server = serve(exchange -> exchange.respond(200, TEXT, segments));
    HttpResponse<byte[]> response =
        client().send(to(server, "/").build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(text(response)).isEqualTo(expected.toString());
  }

  @Test
  void streamsWhatAHandlerWritesAndStopsItWhenTheClientLeaves() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    HttpServer server =
        serve(
            exchange -> {
              try (OutputStream body = exchange.stream(200, TEXT)) {
                while (true) {
                  body.write(new byte[8192]);
                  body.flush();
                }
              } catch (IOException gone) {
                stopped.countDown();
              }
            });
    HttpResponse<InputStream> response =
        client().send(to(server, "/").build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.body().readNBytes(1 << 20)).hasSize(1 << 20);
    response.body().close();
    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** A source that the test feeds. */
  private static final class Fed implements Pushed {
    final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    final CountDownLatch closed = new CountDownLatch(1);
    private volatile Runnable wake = () -> {};

    void feed(String line) {
      lines.add(line);
      wake.run();
    }

    @Override
    public void start(Runnable wake) {
      this.wake = wake;
    }

    @Override
    public State poll(Sink sink) {
      String line = lines.poll();
      if (line == null) {
        return State.IDLE;
      }
      if (line.equals("end")) {
        return State.END;
      }
      sink.write(bytes(line));
      return State.MORE;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void pushesWhenTheSourceWakesAndEndsWhenItEnds() throws Exception {
    Fed fed = new Fed();
    RawClient client = raw(serve(exchange -> exchange.push(200, TEXT, fed)));
    client.send("GET /watch HTTP/1.1\r\nHost: h\r\n\r\n").readUntil("\r\n\r\n");
    for (int i = 0; i < 100; i++) {
      fed.feed("event " + i + ";");
      client.readUntil("event " + i + ";");
    }
    fed.feed("end");
    assertThat(client.readUntil("0\r\n\r\n")).endsWith("0\r\n\r\n");
    assertThat(fed.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void closesAPushedSourceWhenTheClientLeaves() throws Exception {
    Fed fed = new Fed();
    RawClient client = raw(serve(exchange -> exchange.push(200, TEXT, fed)));
    client.send("GET /watch HTTP/1.1\r\nHost: h\r\n\r\n").readUntil("\r\n\r\n");
    client.close();
    assertThat(fed.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void endsPushedBodiesInGoodOrderWhenItCloses() throws Exception {
    Fed fed = new Fed();
    HttpServer server = serve(exchange -> exchange.push(200, TEXT, fed));
    RawClient client = raw(server);
    client.send("GET /watch HTTP/1.1\r\nHost: h\r\n\r\n").readUntil("\r\n\r\n");
    fed.feed("one;");
    client.readUntil("one;");
    server.close();
    assertThat(client.readAll()).endsWith("0\r\n\r\n");
  }

  @Test
  void turnsAConnectionIntoATunnelWithHalfClose() throws Exception {
    HttpServer server =
        serve(
            exchange -> {
              try (Tunnel tunnel = exchange.upgrade(Headers.of("Upgrade", "echo"))) {
                for (byte[] piece = tunnel.read(); piece != null; piece = tunnel.read()) {
                  tunnel.write(piece);
                }
                tunnel.write(bytes("bye"));
                tunnel.finish();
              }
            });
    RawClient client = raw(server);
    client.send(
        "POST /exec HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\nContent-Length: 0\r\n\r\n");
    assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101").contains("Upgrade: echo");
    assertThat(client.send("ping").readUntil("ping")).isEqualTo("ping");
    client.finish();
    assertThat(client.readAll()).isEqualTo("bye");
  }

  @Test
  void speaksHttp2AndSeesTheClientsCertificate() throws Exception {
    TestAuthority authority = new TestAuthority();
    HttpServer server =
        serve(
            ServerOptions.at("127.0.0.1", 0).with(authority.issue("CN=server")),
            exchange ->
                exchange.respond(
                    200,
                    TEXT,
                    bytes(
                        exchange.http2()
                            + " "
                            + exchange.peerCertificates().getFirst().getSubjectX500Principal()
                            + " "
                            + exchange.body().length)));
    for (HttpClient.Version version : HttpClient.Version.values()) {
      HttpClient client =
          HttpClient.newBuilder()
              .version(version)
              .sslContext(ClientTls.context(authority.issue("O=ops, CN=ann")))
              .build();
      open.add(client::shutdownNow);
      for (int size : new int[] {0, 10, 2 << 20}) {
        HttpResponse<byte[]> response =
            client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[size]))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(text(response))
            .isEqualTo((version == HttpClient.Version.HTTP_2) + " O=ops, CN=ann " + size);
      }
    }
  }

  @Test
  void refusesALargeBodyOnHttp2AndServesOn() throws Exception {
    TestAuthority authority = new TestAuthority();
    HttpServer server =
        serve(ServerOptions.at("127.0.0.1", 0).with(authority.issue("CN=server")), ECHO);
    HttpClient client =
        HttpClient.newBuilder().sslContext(ClientTls.context(authority.issue("CN=ann"))).build();
    open.add(client::shutdownNow);
    URI uri = URI.create("https://localhost:" + server.port() + "/");
    HttpResponse<byte[]> refused =
        client.send(
            HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[10 << 20]))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(refused.statusCode()).isEqualTo(413);
    HttpResponse<byte[]> next =
        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(text(next)).isEqualTo("GET /  0");
  }

  @Test
  void pushesManyStreamsOverOneHttp2Connection() throws Exception {
    TestAuthority authority = new TestAuthority();
    List<Fed> sources = java.util.Collections.synchronizedList(new ArrayList<>());
    HttpServer server =
        serve(
            ServerOptions.at("127.0.0.1", 0).with(authority.issue("CN=server")),
            exchange -> {
              Fed fed = new Fed();
              sources.add(fed);
              exchange.push(200, TEXT, fed);
            });
    HttpClient client =
        HttpClient.newBuilder().sslContext(ClientTls.context(authority.issue("CN=ann"))).build();
    open.add(client::shutdownNow);
    List<InputStream> bodies = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      bodies.add(
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("https://localhost:" + server.port() + "/w" + i))
                      .build(),
                  HttpResponse.BodyHandlers.ofInputStream())
              .body());
    }
    byte[] large = new byte[300_000];
    Arrays.fill(large, (byte) 'x');
    String line = new String(large, StandardCharsets.US_ASCII);
    sources.forEach(fed -> fed.feed(line));
    for (InputStream body : bodies) {
      assertThat(body.readNBytes(line.length())).hasSize(line.length());
      body.close();
    }
    for (Fed fed : sources) {
      assertThat(fed.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void namesThePortThatIsTaken() throws Exception {
    HttpServer first = serve(ECHO);
    assertThatThrownBy(() -> serve(ServerOptions.at("127.0.0.1", first.port()), ECHO))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + first.port());
  }

  @Test
  void answers500WhenAHandlerThrowsAndServesOn() throws Exception {
    HttpServer server =
        serve(
            exchange -> {
              throw new IllegalStateException("boom");
            });
    RawClient client = raw(server);
    for (int i = 0; i < 2; i++) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readUntil("internal error\n")).startsWith("HTTP/1.1 500");
    }
  }

  /** Each way to answer. */
  enum Answering {
    RESPOND,
    STREAM,
    PUSH,
    UPGRADE;

    void answer(Exchange exchange, Headers headers) throws IOException {
      switch (this) {
        case RESPOND -> exchange.respond(200, headers, bytes("never"));
        case STREAM -> exchange.stream(200, headers).close();
        case PUSH -> exchange.push(200, headers, new Segments(List.of(bytes("never"))));
        case UPGRADE -> exchange.upgrade(headers).close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHeadThatCannotBeSentIsAnErrorThatTheClientHears(Answering way) throws Exception {
    HttpServer server =
        serve(exchange -> way.answer(exchange, Headers.of("Warning", "299 - \"two\r\nlines\"")));
    RawClient client = raw(server);
    for (int i = 0; i < 2; i++) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.readUntil("internal error\n")).startsWith("HTTP/1.1 500");
    }
  }
}
