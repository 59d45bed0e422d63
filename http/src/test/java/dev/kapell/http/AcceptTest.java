package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** A handler that says when a request begins. */
class AcceptTest {
  private static final Headers TEXT = Headers.contentType("text/plain");

  /** Requests that were accepted and not yet begun with. */
  private final BlockingQueue<Handler.Start> accepted = new LinkedBlockingQueue<>();

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  private final Handler later =
      new Handler() {
        @Override
        public void accept(Exchange exchange, Start start) {
          accepted.add(start);
        }

        @Override
        public void handle(Exchange exchange) {
          throw new AssertionError("another one was given");
        }
      };

  @Test
  void aRequestBeginsWhenItIsLetAndTellsWhatHasCome() throws Exception {
    try (HttpServer server = HttpServer.start("test", ServerOptions.at("127.0.0.1", 0), later);
        RawClient client = new RawClient(server.port())) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe");
      Handler.Start start = accepted.take();
      boolean started =
          start.with(
              exchange -> {
                events.add("has body " + exchange.hasBody());
                byte[] body = exchange.body();
                events.add("has body " + exchange.hasBody());
                exchange.respond(200, TEXT, body);
                exchange.afterwards(() -> events.add("afterwards"));
              });
      assertThat(started).isTrue();
      assertThat(events.take()).isEqualTo("has body false");
      client.send("llo");
      assertThat(client.readUntil("hello")).startsWith("HTTP/1.1 200 OK");
      assertThat(events.take()).isEqualTo("has body true");
      assertThat(events.take()).isEqualTo("afterwards");
    }
  }

  @Test
  void aServerThatClosesBeginsWithNothing() throws Exception {
    Handler.Start start;
    try (HttpServer server = HttpServer.start("test", ServerOptions.at("127.0.0.1", 0), later);
        RawClient client = new RawClient(server.port())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      start = accepted.take();
    }
    byte[] answer = "late".getBytes(StandardCharsets.UTF_8);
    assertThat(start.with(exchange -> exchange.respond(200, TEXT, answer))).isFalse();
  }
}
