package dev.kapell.http;

import dev.kapell.base.TaskScope;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests on to other servers: whole ones ({@link #fetch}) and running exchanges ({@link
 * #relay}). Speaks HTTP/1.1, a connection for each request but those of {@link #call}. Thread-safe;
 * blocking, for virtual threads.
 */
public final class Upstreams implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.http");
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Contexts that are kept: a rarely used one is made anew. */
  private static final int CONTEXTS = 64;

  private final String name;
  private final TaskScope pumps;
  private final KeptConnections connections = new KeptConnections();

  /** The most recently used ones, guarded by itself. */
  private final Map<TlsIdentity, SslContext> contexts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TlsIdentity, SslContext> eldest) {
          return size() > CONTEXTS;
        }
      };

  /**
   * A request with its whole body, for {@link #call}.
   *
   * @param method for instance {@code POST}
   * @param target path and query
   * @param headers beside {@code Host} and {@code Content-Length}
   * @param body empty for none
   */
  public record Call(String method, String target, Headers headers, byte[] body) {}

  /** One event loop, opened for the first connection; guarded by this. */
  private @Nullable Transport transport;

  private boolean closed;

  /** Opens nothing before it is asked for something. */
  public Upstreams(String name) {
    this.name = name;
    this.pumps =
        new TaskScope(name, (task, cause) -> LOG.log(System.Logger.Level.DEBUG, task, cause));
  }

  /**
   * One request with its whole answer.
   *
   * @param target path and query
   * @param maxBytes the largest body taken
   * @param patience the longest wait for the next piece of the answer
   * @throws HttpFailure 502 when nobody listens or the answer is too large, 504 when it stalls
   */
  public Reply fetch(
      Upstream to, String method, String target, byte[] body, int maxBytes, Duration patience)
      throws IOException {
    try (UpstreamConnection connection = connect(new UpstreamConnection(to), CONNECT)) {
      return exchange(connection, new Call(method, target, Headers.NONE, body), maxBytes, patience);
    }
  }

  /**
   * One request with its whole answer, all of it within {@code limit}, on a connection that was
   * used before where there is one. Redirects are answers like others. It is sent a second time
   * when a kept connection closes before anything of an answer has come.
   *
   * @param maxBytes the largest body taken
   * @throws HttpFailure 502 when nobody listens or the answer is too large, 504 when the limit is
   *     over
   */
  public Reply call(Upstream to, Call call, int maxBytes, Duration limit) throws IOException {
    UpstreamConnection kept = new UpstreamConnection(to);
    if (connections.reuse(to, kept)) {
      try {
        return within(limit, kept, call, maxBytes);
      } catch (IOException e) {
        if (kept.answered() || kept.expired().isPresent() || e instanceof InterruptedIOException) {
          throw e;
        }
        LOG.log(System.Logger.Level.DEBUG, "a kept connection was closed: " + to.authority(), e);
      }
    }
    return within(limit, new UpstreamConnection(to), call, maxBytes);
  }

  /** One call on {@code connection}, connected or not yet, which is kept afterwards. */
  private Reply within(Duration limit, UpstreamConnection connection, Call call, int maxBytes)
      throws IOException {
    ScheduledFuture<?> end =
        transport()
            .loops()
            .next()
            .schedule(() -> connection.expire(limit), limit.toNanos(), TimeUnit.NANOSECONDS);
    Optional<Channel> reusable = Optional.empty();
    try {
      if (!connection.isConnected()) {
        connect(connection, limit.compareTo(CONNECT) < 0 ? limit : CONNECT);
      }
      Reply reply = exchange(connection, call, maxBytes, Duration.ZERO);
      reusable = connection.reusable();
      return reply;
    } catch (IOException e) {
      throw connection.expired().map(IOException.class::cast).orElse(e);
    } finally {
      end.cancel(false);
      reusable.ifPresentOrElse(channel -> connections.keep(connection, channel), connection::close);
    }
  }

  private static Reply exchange(
      UpstreamConnection connection, Call call, int maxBytes, Duration patience)
      throws IOException {
    String authority = connection.upstream().authority();
    connection.send(
        call.method(), call.target(), call.headers().and("Host", authority), call.body());
    UpstreamConnection.Head head = connection.head(patience);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece = connection.read(patience);
        piece != null;
        piece = connection.read(patience)) {
      if (all.size() + piece.length > maxBytes) {
        throw new HttpFailure(502, authority + " answered more than " + maxBytes + " bytes");
      }
      all.write(piece, 0, piece.length);
    }
    return new Reply(head.status(), head.headers(), all.toByteArray());
  }

  /**
   * Sends {@code exchange} on and its answer back, both streaming, upgrades included. Returns when
   * the answer, or the tunnel, has ended.
   *
   * @param target path and query for the other server
   * @param headers what to send beside the request's own; replaces those of the same name, and an
   *     empty value takes them out
   * @throws HttpFailure 502 when nobody listens there or the answer breaks off before its head
   */
  public void relay(Exchange exchange, Upstream to, String target, Headers headers)
      throws IOException {
    relay(exchange, to, target, headers, Rewriting.NONE);
  }

  /** The same, with the answer changed on its way. */
  public void relay(
      Exchange exchange, Upstream to, String target, Headers headers, Rewriting rewriting)
      throws IOException {
    try (UpstreamConnection connection = connect(new UpstreamConnection(to), CONNECT)) {
      exchange.onEnd(connection::close);
      new Relay(exchange, connection, pumps, rewriting)
          .run(target, headers.and("Host", to.authority()));
    }
  }

  /**
   * Asks for SPDY/3.1.
   *
   * @param target path and query
   * @param headers sent with the request
   * @throws HttpFailure 502 when nobody listens there, and the server's own code when it refuses
   */
  public SpdyConnection streams(Upstream to, String target, Headers headers) throws IOException {
    UpstreamConnection connection = connect(UpstreamConnection.forStreams(to), CONNECT);
    connection.begin(
        "POST",
        target,
        headers
            .and("Host", to.authority())
            .and("Connection", "Upgrade")
            .and("Upgrade", "SPDY/3.1")
            .and("Content-Length", "0"));
    connection.end();
    UpstreamConnection.Head head = connection.head(Duration.ZERO);
    if (head.status() != 101) {
      byte[] words = connection.read(Duration.ZERO);
      connection.close();
      throw new HttpFailure(
          head.status(), words == null ? "refused" : new String(words, StandardCharsets.UTF_8));
    }
    return connection.streams();
  }

  /** Of answers, lines that end without a carriage return are read too, as by net/http of Go. */
  private static HttpClientCodec codec() {
    HttpDecoderConfig config = new HttpDecoderConfig().setStrictLineParsing(false);
    return new HttpClientCodec(config, false, false);
  }

  private UpstreamConnection connect(UpstreamConnection connection, Duration limit)
      throws IOException {
    Upstream to = connection.upstream();
    SslContext tls = to.tls().isPresent() ? context(to.tls().get()) : null;
    ChannelFuture connected =
        new Bootstrap()
            .group(transport().loops())
            .channel(transport().clientType())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limit.toMillis())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      channel
                          .pipeline()
                          .addLast(tls.newHandler(channel.alloc(), to.name(), to.port()));
                    }
                    channel.pipeline().addLast(codec(), connection);
                  }
                })
            .connect(to.host(), to.port())
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      throw unreachable(to, connected.cause());
    }
    SslHandler handler = connected.channel().pipeline().get(SslHandler.class);
    if (handler != null && !handler.handshakeFuture().awaitUninterruptibly().isSuccess()) {
      throw unreachable(to, handler.handshakeFuture().cause());
    }
    return connection;
  }

  private synchronized Transport transport() {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
    if (transport == null) {
      transport = Transport.open(name, 1);
    }
    return transport;
  }

  private static HttpFailure unreachable(Upstream to, Throwable cause) {
    HttpFailure failure =
        new HttpFailure(502, "cannot connect to " + to.authority() + ": " + cause.getMessage());
    failure.initCause(cause);
    return failure;
  }

  private SslContext context(TlsIdentity identity) throws SSLException {
    synchronized (contexts) {
      SslContext known = contexts.get(identity);
      if (known == null) {
        known = Tls.client(identity);
        contexts.put(identity, known);
      }
      return known;
    }
  }

  @Override
  public void close() {
    pumps.close();
    Transport opened;
    synchronized (this) {
      closed = true;
      opened = transport;
    }
    if (opened != null) {
      opened.close();
    }
  }
}
