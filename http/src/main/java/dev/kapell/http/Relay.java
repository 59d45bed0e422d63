package dev.kapell.http;

import dev.kapell.base.TaskScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on its way through to another server. The exchange's thread carries the answer, a
 * second one what the client sends.
 */
final class Relay {
  /** Headers that concern one connection only (RFC 9110, 7.6.1), and the one set anew. */
  private static final Set<String> HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "host");

  private static final int HELD_BYTES = 1 << 20;

  private final Exchange exchange;
  private final UpstreamConnection upstream;
  private final TaskScope pumps;
  private final Rewriting rewriting;
  private final boolean upgrade;

  Relay(Exchange exchange, UpstreamConnection upstream, TaskScope pumps, Rewriting rewriting) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.pumps = pumps;
    this.rewriting = rewriting;
    this.upgrade =
        exchange.headers().hasToken("Connection", "upgrade")
            && exchange.headers().first("Upgrade").isPresent();
  }

  void run(String target, Headers extra) throws IOException {
    sendHead(target, extra);
    UpstreamConnection.Head head = upstream.head(Duration.ZERO);
    if (head.status() == 101) {
      tunnel(head.headers());
      return;
    }
    rewriting.check(head.status());
    Headers headers = rewriting.headers(forward(head.headers()));
    boolean held = !exchange.method().equals("HEAD") && rewriting.takesBody(headers);
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    byte @Nullable [] next = held ? hold(start) : upstream.read(Duration.ZERO);
    if (held && next == null) {
      byte[] whole = rewriting.body(start.toByteArray());
      exchange.respond(head.status(), headers.without("Content-Length"), whole);
      return;
    }
    try (OutputStream body = exchange.stream(head.status(), headers)) {
      start.writeTo(body);
      for (; next != null; next = upstream.read(Duration.ZERO)) {
        body.write(next);
        body.flush();
      }
    }
  }

  /** Collects the body; the piece that does not fit any more, or null at the end. */
  private byte @Nullable [] hold(ByteArrayOutputStream into) throws IOException {
    byte[] piece = upstream.read(Duration.ZERO);
    while (piece != null && into.size() + piece.length <= HELD_BYTES) {
      into.write(piece, 0, piece.length);
      piece = upstream.read(Duration.ZERO);
    }
    return piece;
  }

  private void sendHead(String target, Headers extra) throws IOException {
    Headers headers = forward(exchange.headers());
    for (Headers.Line line : extra.lines()) {
      headers = headers.without(line.name());
    }
    for (Headers.Line line : extra.lines()) {
      if (!line.value().isEmpty()) {
        headers = headers.and(line.name(), line.value());
      }
    }
    boolean known = exchange.headers().first("Content-Length").isPresent();
    boolean bare = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    boolean body =
        known
            ? !exchange.headers().first("Content-Length").orElse("").equals("0")
            : !bare && !upgrade;
    if (upgrade) {
      headers =
          headers
              .and("Connection", "Upgrade")
              .and("Upgrade", exchange.headers().first("Upgrade").orElseThrow());
    } else if (body && !known) {
      headers = headers.and("Transfer-Encoding", "chunked");
    }
    upstream.begin(exchange.method(), target, headers);
    if (body) {
      pumps.start("request body", this::sendBody);
    } else {
      upstream.end();
    }
  }

  private void sendBody() throws IOException {
    try {
      for (byte[] piece = exchange.readBody(); piece != null; piece = exchange.readBody()) {
        upstream.write(piece);
      }
      upstream.end();
    } catch (IOException e) {
      upstream.close();
      throw e;
    }
  }

  private static Headers forward(Headers headers) {
    Headers kept = Headers.NONE;
    for (Headers.Line line : headers.lines()) {
      if (!HOP.contains(line.name().toLowerCase(Locale.ROOT))) {
        kept = kept.and(line.name(), line.value());
      }
    }
    return kept;
  }

  private void tunnel(Headers answer) throws IOException {
    Headers headers = forward(answer).and("Upgrade", answer.first("Upgrade").orElse(""));
    try (Tunnel far = upstream.tunnel();
        Tunnel near = exchange.upgrade(headers)) {
      CountDownLatch sent = new CountDownLatch(1);
      pumps.start(
          "tunnel",
          () -> {
            try {
              pump(near, far);
            } finally {
              sent.countDown();
            }
          });
      pump(far, near);
      sent.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies until {@code from} has finished; a broken connection ends the other way, too. */
  private static void pump(Tunnel from, Tunnel to) throws IOException {
    try {
      for (byte[] piece = from.read(); piece != null; piece = from.read()) {
        to.write(piece);
      }
      to.finish();
    } catch (IOException e) {
      from.close();
      to.close();
      throw e;
    }
  }
}
