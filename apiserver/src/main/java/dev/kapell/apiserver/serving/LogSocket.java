package dev.kapell.apiserver.serving;

import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.Pushed;
import dev.kapell.http.Query;
import dev.kapell.http.Tunnel;
import dev.kapell.http.WebSocketFrames;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A log over a WebSocket: to whom answers it a plain request, whose body goes out as binary
 * messages. Any other answer than 200 is passed on as it is. For the request's thread.
 */
final class LogSocket implements Exchange {
  private static final String PROTOCOL = "binary.k8s.io";
  private static final Set<String> OPENING =
      Set.of(
          "Upgrade",
          "Connection",
          "Sec-WebSocket-Key",
          "Sec-WebSocket-Version",
          "Sec-WebSocket-Protocol",
          "Sec-WebSocket-Extensions");

  private final Exchange client;

  LogSocket(Exchange client) {
    this.client = client;
  }

  @Override
  public Headers headers() {
    Headers plain = client.headers();
    for (String name : OPENING) {
      plain = plain.without(name);
    }
    return plain;
  }

  @Override
  public OutputStream stream(int status, Headers headers) throws IOException {
    if (status != 200) {
      return client.stream(status, headers);
    }
    Headers answer =
        client.headers().hasToken("Sec-WebSocket-Protocol", PROTOCOL)
            ? Headers.of("Sec-WebSocket-Protocol", PROTOCOL)
            : Headers.NONE;
    return new Messages(WebSocketFrames.open(client, answer));
  }

  /** Each write is a message. */
  private static final class Messages extends OutputStream {
    private final Tunnel tunnel;

    Messages(Tunnel tunnel) {
      this.tunnel = tunnel;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        byte[] message = Arrays.copyOfRange(bytes, offset, offset + length);
        tunnel.write(WebSocketFrames.frame(WebSocketFrames.WHOLE_BINARY, message));
      }
    }

    @Override
    public void close() throws IOException {
      try (tunnel) {
        tunnel.write(WebSocketFrames.close());
        tunnel.finish();
      }
    }
  }

  @Override
  public String method() {
    return client.method();
  }

  @Override
  public String path() {
    return client.path();
  }

  @Override
  public String rawQuery() {
    return client.rawQuery();
  }

  @Override
  public Query query() {
    return client.query();
  }

  @Override
  public List<X509Certificate> peerCertificates() {
    return client.peerCertificates();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return client.remoteAddress();
  }

  @Override
  public boolean secure() {
    return client.secure();
  }

  @Override
  public boolean http2() {
    return client.http2();
  }

  @Override
  public byte[] body() throws IOException {
    return client.body();
  }

  @Override
  public boolean hasBody() {
    return client.hasBody();
  }

  @Override
  public byte @Nullable [] readBody() throws IOException {
    return client.readBody();
  }

  @Override
  public void respond(int status, Headers headers, List<byte[]> segments) {
    client.respond(status, headers, segments);
  }

  @Override
  public void push(int status, Headers headers, Pushed source) {
    client.push(status, headers, source);
  }

  @Override
  public Tunnel upgrade(Headers headers) throws IOException {
    return client.upgrade(headers);
  }

  @Override
  public int status() {
    return client.status();
  }

  @Override
  public boolean answered() {
    return client.answered();
  }

  @Override
  public long answerBytes() {
    return client.answerBytes();
  }

  @Override
  public void unhurried() {
    client.unhurried();
  }

  @Override
  public void lasts() {
    client.lasts();
  }

  @Override
  public void onEnd(Runnable action) {
    client.onEnd(action);
  }

  @Override
  public void afterwards(Runnable action) {
    client.afterwards(action);
  }
}
