package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapell.base.TaskScope;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that closes while it is used. */
class DrainTest {
  private static final Headers TEXT = Headers.contentType("text/plain");

  private final TaskScope tasks = new TaskScope("test", (_, cause) -> failed(cause));
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestAuthority authority;

  private void failed(Throwable cause) {
    failures.add(cause);
  }

  @BeforeEach
  void makeKeys() throws Exception {
    authority = new TestAuthority();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    tasks.close();
  }

  private HttpServer serve(Handler handler) throws Exception {
    ServerOptions options =
        ServerOptions.at("127.0.0.1", 0)
            .withDrain(Duration.ofSeconds(20))
            .with(authority.issue("CN=server"));
    HttpServer server = HttpServer.start("test", options, handler);
    open.add(server);
    return server;
  }

  private HttpClient client(HttpClient.Version version) throws Exception {
    HttpClient client =
        HttpClient.newBuilder()
            .version(version)
            .sslContext(ClientTls.context(authority.issue("CN=client")))
            .build();
    open.add(client::shutdownNow);
    return client;
  }

  private static HttpRequest to(int port, String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path)).build();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void noRequestOfASteadyStreamIsLost(HttpClient.Version version) throws Exception {
    CountDownLatch busy = new CountDownLatch(500);
    AtomicInteger handled = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    HttpServer server =
        serve(
            exchange -> {
              handled.incrementAndGet();
              busy.countDown();
              exchange.respond(200, TEXT, new byte[100]);
            });
    int port = server.port();
    CountDownLatch ended = new CountDownLatch(8);
    for (int i = 0; i < 8; i++) {
      HttpClient client = client(version);
      tasks.start(
          "caller",
          () -> {
            try {
              while (true) {
                HttpResponse<byte[]> response =
                    client.send(to(port, "/"), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(response.statusCode()).isEqualTo(200);
                answered.incrementAndGet();
              }
            } catch (ConnectException | SSLHandshakeException gone) {
              // was not asked
            } finally {
              ended.countDown();
            }
          });
    }
    assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
    server.close();
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(failures).isEmpty();
    assertThat(answered).hasValue(handled.get());
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aSlowRequestIsAnsweredInFull(HttpClient.Version version) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    byte[] piece = "0123456789".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    HttpServer server =
        serve(
            exchange -> {
              asked.countDown();
              go.await();
              exchange.respond(200, TEXT, Collections.nCopies(100, piece));
            });
    var answer =
        client(version).sendAsync(to(server.port(), "/"), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    CountDownLatch closed = new CountDownLatch(1);
    tasks.start(
        "close",
        () -> {
          server.close();
          closed.countDown();
        });
    assertThat(closed.await(500, TimeUnit.MILLISECONDS)).isFalse();
    go.countDown();
    assertThat(answer.get(20, TimeUnit.SECONDS).body()).hasSize(100 * piece.length);
    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(failures).isEmpty();
  }

  @Test
  void http2IsToldToBeginNothingMore() throws Exception {
    HttpServer server = serve(exchange -> exchange.respond(200, TEXT, new byte[0]));
    RawHttp2 client = new RawHttp2(ClientTls.context(authority.issue("CN=client")), server.port());
    open.add(client);
    client.send(RawHttp2.frame(RawHttp2.HEADERS, 5, 1, RawHttp2.GET));
    assertThat(client.next(1)).isEqualTo(RawHttp2.HEADERS);
    tasks.start("close", server::close);
    int type = client.next(0);
    while (type != RawHttp2.GOAWAY) {
      type = client.next(0);
    }
    assertThat(client.next(0)).isEqualTo(RawHttp2.PING);
    client.readToEnd();
  }

  @Test
  void whatLastsForEverIsNotWaitedFor() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    HttpServer server =
        serve(
            exchange -> {
              exchange.lasts();
              try (var out = exchange.stream(200, TEXT)) {
                out.write('x');
                out.flush();
                new CountDownLatch(1).await();
              } catch (InterruptedException | IOException e) {
                cut.countDown();
              }
            });
    var response =
        client(HttpClient.Version.HTTP_2)
            .send(to(server.port(), "/"), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.body().read()).isEqualTo('x');
    server.close();
    assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
