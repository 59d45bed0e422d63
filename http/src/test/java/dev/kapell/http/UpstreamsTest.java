package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapell.base.TaskScope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamsTest {
  private static final Headers TEXT = Headers.contentType("text/plain");

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Upstreams upstreams = new Upstreams("test-relay");

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    upstreams.close();
  }

  private HttpServer serve(ServerOptions options, Handler handler) throws IOException {
    HttpServer server = HttpServer.start("test", options, handler);
    open.add(server);
    return server;
  }

  private static ServerOptions plain() {
    return ServerOptions.at("127.0.0.1", 0);
  }

  private HttpServer front(Upstream back) throws IOException {
    return serve(
        plain(),
        exchange ->
            upstreams.relay(
                exchange, back, "/far" + exchange.path(), Headers.of("X-Via", "kapell")));
  }

  private static Upstream to(HttpServer server) {
    return new Upstream("127.0.0.1", server.port(), Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final Handler TUNNEL =
      exchange -> {
        try (Tunnel tunnel = exchange.upgrade(Headers.of("Upgrade", "echo"))) {
          for (byte[] piece = tunnel.read(); piece != null; piece = tunnel.read()) {
            tunnel.write(piece);
          }
          tunnel.finish();
        }
      };

  @Test
  void relaysARequestWithItsBodyAndTheAnswer() throws Exception {
    HttpServer back =
        serve(
            plain(),
            exchange -> {
              int size = 0;
              for (byte[] piece = exchange.readBody(); piece != null; piece = exchange.readBody()) {
                size += piece.length;
              }
              exchange.respond(
                  201,
                  TEXT,
                  bytes(
                      exchange.method()
                          + " "
                          + exchange.path()
                          + " "
                          + exchange.headers().first("X-Via").orElse("")
                          + " "
                          + size));
            });
    HttpServer front = front(to(back));
    HttpClient client = HttpClient.newHttpClient();
    open.add(client::shutdownNow);
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front.port() + "/x"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5 << 20]))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("POST /far/x kapell " + (5 << 20));
  }

  @Test
  void relaysAnUpgradeBothWays() throws Exception {
    HttpServer front = front(to(serve(plain(), TUNNEL)));
    try (RawClient client = new RawClient(front.port())) {
      client.send("GET /exec HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101").contains("Upgrade: echo");
      assertThat(client.send("ping").readUntil("ping")).isEqualTo("ping");
      client.send("last");
      client.finish();
      assertThat(client.readAll()).isEqualTo("last");
    }
  }

  @Test
  void relaysAnUpgradeToATlsServerWithAClientCertificate() throws Exception {
    TestAuthority authority = new TestAuthority();
    HttpServer back =
        serve(
            plain().with(authority.issue("CN=node")),
            exchange -> {
              if (exchange.peerCertificates().isEmpty()) {
                exchange.respond(401, TEXT, bytes("who?"));
              } else {
                TUNNEL.handle(exchange);
              }
            });
    Upstream to =
        new Upstream("127.0.0.1", back.port(), Optional.of(authority.issue("CN=apiserver")));
    try (RawClient client = new RawClient(front(to).port())) {
      client.send("GET /exec HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101");
      assertThat(client.send("ping").readUntil("ping")).isEqualTo("ping");
    }
  }

  @Test
  void stopsTheFarStreamWhenTheClientLeaves() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    HttpServer back =
        serve(
            plain(),
            exchange -> {
              exchange.onEnd(stopped::countDown);
              OutputStream body = exchange.stream(200, TEXT);
              body.write(bytes("line\n"));
              body.flush();
            });
    try (RawClient client = new RawClient(front(to(back)).port())) {
      client.send("GET /logs HTTP/1.1\r\nHost: h\r\n\r\n").readUntil("line");
    }
    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void passesARefusedUpgradeOn() throws Exception {
    HttpServer back = serve(plain(), exchange -> exchange.respond(403, TEXT, bytes("no")));
    try (RawClient client = new RawClient(front(to(back)).port())) {
      client.send("GET /exec HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      assertThat(client.readUntil("no")).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void saysWhomItCannotReach() throws Exception {
    HttpServer back = serve(plain(), TUNNEL);
    Upstream gone = to(back);
    back.close();
    assertThatThrownBy(
            () -> upstreams.fetch(gone, "GET", "/", new byte[0], 1000, Duration.ofSeconds(5)))
        .isInstanceOf(HttpFailure.class)
        .hasMessageContaining("127.0.0.1:" + gone.port());
  }

  @Test
  void takesAnyCertificateWhenAskedTo() throws Exception {
    HttpServer back =
        serve(
            plain().with(new TestAuthority().issue("CN=stranger")),
            exchange -> exchange.respond(200, TEXT, bytes("secret")));
    Upstream to = new Upstream("localhost", back.port(), Optional.of(TlsIdentity.UNCHECKED));
    Reply reply = upstreams.fetch(to, "GET", "/", new byte[0], 1000, Duration.ofSeconds(5));
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("secret");
  }

  @Test
  void callsAServerByTheNameOfItsServiceWhateverItsAddress() throws Exception {
    TestAuthority authority = new TestAuthority();
    HttpServer back =
        serve(
            plain().with(authority.issue("CN=web")),
            exchange ->
                exchange.respond(
                    200, TEXT, bytes(exchange.headers().first("Host").orElse("none"))));
    TlsIdentity trusting = new TlsIdentity("", "", Optional.of(authority.rootPem()));
    Upstream address = new Upstream("127.0.0.1", back.port(), Optional.of(trusting));
    Upstreams.Call call = new Upstreams.Call("POST", "/x", Headers.NONE, bytes("{}"));
    Reply reply =
        upstreams.call(address.called("localhost", 443), call, 1000, Duration.ofSeconds(5));
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("localhost:443");
    assertThatThrownBy(
            () ->
                upstreams.call(
                    address.called("other.test.svc", 443), call, 1000, Duration.ofSeconds(5)))
        .as("the certificate names localhost only")
        .isInstanceOf(HttpFailure.class)
        .hasMessageContaining("other.test.svc");
  }

  @Test
  void aCallEndsWithItsTimeHoweverFarItGot() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    HttpServer back =
        serve(
            plain(),
            exchange -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertThatThrownBy(
            () ->
                upstreams.call(
                    to(back),
                    new Upstreams.Call("GET", "/", Headers.NONE, new byte[0]),
                    1000,
                    Duration.ofMillis(50)))
        .isInstanceOfSatisfying(
            HttpFailure.class, failure -> assertThat(failure.status()).isEqualTo(504))
        .hasMessageContaining("deadline exceeded");
    release.countDown();
  }

  @Test
  void rewritesAnAnswerOnItsWay() throws Exception {
    Rewriting louder =
        new Rewriting() {
          @Override
          public Headers headers(Headers answer) {
            return answer.and("X-Rewritten", "yes");
          }

          @Override
          public boolean takesBody(Headers answer) {
            return true;
          }

          @Override
          public byte[] body(byte[] whole) {
            return bytes(new String(whole, StandardCharsets.UTF_8) + "!");
          }
        };
    byte[] large = new byte[3 << 20];
    HttpServer back =
        serve(
            plain(),
            exchange ->
                exchange.respond(200, TEXT, exchange.path().equals("/") ? bytes("a") : large));
    HttpServer front =
        serve(
            plain(),
            exchange -> upstreams.relay(exchange, to(back), exchange.path(), Headers.NONE, louder));
    Reply small = upstreams.fetch(to(front), "GET", "/", new byte[0], 9, Duration.ofSeconds(5));
    assertThat(small.body()).isEqualTo(bytes("a!"));
    assertThat(small.headers().first("X-Rewritten")).contains("yes");
    Reply whole =
        upstreams.fetch(to(front), "GET", "/l", new byte[0], 4 << 20, Duration.ofSeconds(5));
    assertThat(whole.body()).isEqualTo(large);
  }

  @Test
  void fetchesAWholeAnswer() throws Exception {
    HttpServer back =
        serve(plain(), exchange -> exchange.respond(200, TEXT, List.of(bytes("a"), bytes("b"))));
    Reply reply = upstreams.fetch(to(back), "GET", "/", new byte[0], 1000, Duration.ofSeconds(5));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("ab");
  }

  /** As the CGI of busybox does: lines of its own end, and nothing says where the body ends. */
  @Test
  void fetchesFromAServerThatEndsItsHeadersWithBareNewlines() throws Exception {
    try (TaskScope scope = new TaskScope("test", (_, cause) -> {});
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      scope.start(
          "careless server",
          () -> {
            try (Socket client = listener.accept()) {
              client
                  .getOutputStream()
                  .write(bytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain\n\nlength 4\n"));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      Upstream to = new Upstream("127.0.0.1", listener.getLocalPort(), Optional.empty());
      Reply reply = upstreams.fetch(to, "GET", "/", new byte[0], 1000, Duration.ofSeconds(5));
      assertThat(reply.headers().first("Content-Type")).contains("text/plain");
      assertThat(reply.body()).isEqualTo(bytes("length 4\n"));
    }
  }

  private static Upstreams.Call post() {
    return new Upstreams.Call("POST", "/", TEXT, bytes("ask"));
  }

  private String port(Upstream to) throws IOException {
    return new String(
        upstreams.call(to, post(), 1 << 20, Duration.ofSeconds(10)).body(), StandardCharsets.UTF_8);
  }

  /** Answers with the port that the request came from: another connection, another port. */
  private static final Handler WHICH =
      exchange -> {
        exchange.body();
        exchange.respond(200, TEXT, bytes("" + exchange.remoteAddress().getPort()));
      };

  @Test
  void callsOneAfterTheOtherShareAConnection() throws Exception {
    HttpServer server = serve(plain(), WHICH);
    String first = port(to(server));
    assertThat(port(to(server))).isEqualTo(first);
    assertThat(port(to(server))).isEqualTo(first);
  }

  @Test
  void whoeverTrustsOthersGetsAConnectionOfItsOwn() throws Exception {
    TestAuthority authority = new TestAuthority();
    HttpServer server = serve(plain().with(authority.issue("CN=server")), WHICH);
    Optional<String> trusted = authority.issue("CN=x").trustedPem();
    Upstream anonymous =
        new Upstream("127.0.0.1", server.port(), Optional.of(new TlsIdentity("", "", trusted)));
    Upstream named =
        new Upstream("127.0.0.1", server.port(), Optional.of(authority.issue("CN=me")));
    String first = port(anonymous);
    assertThat(port(named)).isNotEqualTo(first);
    assertThat(port(anonymous)).isEqualTo(first);
    Upstream distrusting =
        new Upstream(
            "127.0.0.1",
            server.port(),
            Optional.of(new TlsIdentity("", "", new TestAuthority().issue("CN=y").trustedPem())));
    assertThatThrownBy(() -> port(distrusting)).isInstanceOf(HttpFailure.class);
  }

  @Test
  void aServerThatWasRestartedIsCalledAnew() throws Exception {
    HttpServer server = serve(plain(), WHICH);
    Upstream to = to(server);
    port(to);
    server.close();
    serve(ServerOptions.at("127.0.0.1", to.port()), WHICH);
    assertThat(port(to)).isNotEmpty();
  }

  @Test
  void aConnectionThatIsToCloseIsNotKept() throws Exception {
    HttpServer server =
        serve(
            plain(),
            exchange -> {
              exchange.body();
              exchange.respond(
                  200,
                  TEXT.and("Connection", "close"),
                  bytes("" + exchange.remoteAddress().getPort()));
            });
    assertThat(port(to(server))).isNotEqualTo(port(to(server)));
  }
}
