package dev.kapell.http;

import dev.kapell.base.TaskScope;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A listening server. Thread-safe.
 *
 * <p>Plain connections speak HTTP/1.1; TLS ones also HTTP/2, by ALPN. Every request runs on a
 * virtual thread of its own.
 */
public final class HttpServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.http");

  private final Transport transport;
  private final Channel listener;
  private final Connections connections;
  private final TaskScope requests;
  private final ServerOptions options;

  private HttpServer(
      Transport transport,
      Channel listener,
      Connections connections,
      TaskScope requests,
      ServerOptions options) {
    this.transport = transport;
    this.listener = listener;
    this.connections = connections;
    this.requests = requests;
    this.options = options;
  }

  /**
   * Listens and serves until closed.
   *
   * @throws BindException when the port is taken
   * @throws IOException when the certificate cannot be read
   */
  public static HttpServer start(String name, ServerOptions options, Handler handler)
      throws IOException {
    ServerTls tls = null;
    if (options.tls().isPresent()) {
      tls = ServerTls.of(options.tls().get());
    }
    TaskScope requests =
        new TaskScope(name, (task, cause) -> LOG.log(System.Logger.Level.ERROR, task, cause));
    Transport transport = Transport.open(name, options.eventLoops());
    Connections connections = new Connections(options, handler, requests, tls);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(transport.loops())
            .channel(transport.serverType())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.AUTO_READ, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 << 10, 256 << 10))
            .childHandler(connections);
    ChannelFuture bound =
        bootstrap
            .bind(new InetSocketAddress(options.host(), options.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      transport.close();
      throw refused(options, bound.cause());
    }
    long interval = Math.max(1, options.bodyTimeout().toMillis());
    transport
        .loops()
        .scheduleWithFixedDelay(connections::look, interval, interval, TimeUnit.MILLISECONDS)
        .addListener(_ -> {});
    return new HttpServer(transport, bound.channel(), connections, requests, options);
  }

  private static IOException refused(ServerOptions options, Throwable cause) {
    String message =
        "cannot listen on " + options.host() + ":" + options.port() + ": " + cause.getMessage();
    if (cause instanceof BindException) {
      BindException taken = new BindException(message);
      taken.initCause(cause);
      return taken;
    }
    return new IOException(message, cause);
  }

  /**
   * Shows {@code identity} on connections that begin from now on; running ones go on.
   *
   * @throws IOException when the certificate cannot be read
   */
  public void show(TlsIdentity identity) throws IOException {
    connections.show(ServerTls.of(identity));
  }

  /** The port that is listened on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /**
   * Stops accepting, asks clients to go elsewhere, answers what they have asked for as long as the
   * options say, ends the pushed streams, and closes every connection.
   */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
    connections.drain(options.drain());
    requests.close();
    transport.close();
  }
}
