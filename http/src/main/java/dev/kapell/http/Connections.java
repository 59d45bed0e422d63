package dev.kapell.http;

import dev.kapell.base.TaskScope;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Builds the pipeline of each new connection and knows which are open.
 *
 * <pre>
 * TLS ─ ALPN ┬ h2:    flushes gathered ─ frame codec ─ Farewell ─ multiplexer ─ (each stream: HTTP objects ─ RequestHandler)
 *            └ http/1.1: Farewell ─ HttpServerCodec ─ RequestHandler
 * </pre>
 */
@ChannelHandler.Sharable
final class Connections extends ChannelInitializer<Channel> {
  private static final System.Logger LOG = System.getLogger("kapell.http");
  private static final int STREAM_WINDOW_BYTES = 1 << 20;
  private static final int RESETS_PER_WINDOW = 2000;

  /** Streams reset by this side because they broke the rules (CVE-2025-8671). */
  private static final int FAULTS_PER_WINDOW = 200;

  /** So many streams of a connection that answer in one turn of its loop share a record of TLS. */
  private static final int FLUSHES_GATHERED = 256;

  private static final int RESET_WINDOW_SECONDS = 10;

  /** How long a client may take to hear that the server closes. */
  private static final Duration PARTING_LIMIT = Duration.ofSeconds(1);

  /** How long it may take to hang up when everything has been said. */
  private static final int LINGER_MILLIS = 500;

  private final ServerOptions options;
  private final Handler handler;
  private final TaskScope requests;
  private volatile @Nullable ServerTls tls;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Underway underway = new Underway();
  private final Set<Channel> parting = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  Connections(ServerOptions options, Handler handler, TaskScope requests, @Nullable ServerTls tls) {
    this.options = options;
    this.handler = handler;
    this.requests = requests;
    this.tls = tls;
  }

  ServerOptions options() {
    return options;
  }

  Handler handler() {
    return handler;
  }

  TaskScope requests() {
    return requests;
  }

  /** From the next connection on. */
  void show(ServerTls context) {
    tls = context;
  }

  boolean draining() {
    return draining;
  }

  Underway underway() {
    return underway;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (open.size() >= options.maxConnections()) {
      Sent.hangUp(channel);
      return;
    }
    open.add(channel);
    if (draining) { // it came while the listener closed
      await(channel);
    }
    ServerTls context = tls;
    if (context == null) {
      http1(channel.pipeline());
      return;
    }
    SslHandler ssl = context.newHandler();
    ssl.setHandshakeTimeoutMillis(options.headTimeout().toMillis());
    channel.pipeline().addLast(ssl, new Negotiation(ssl));
  }

  /** Goes when the handshake has said which protocol it is. */
  private final class Negotiation extends ChannelInboundHandlerAdapter {
    private final SslHandler ssl;

    Negotiation(SslHandler ssl) {
      this.ssl = ssl;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
      super.userEventTriggered(ctx, event);
      if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
        return;
      }
      if (!handshake.isSuccess()) {
        LOG.log(System.Logger.Level.DEBUG, "handshake refused", handshake.cause());
        Sent.hangUp(ctx.channel());
        return;
      }
      if (ApplicationProtocolNames.HTTP_2.equals(ssl.engine().getApplicationProtocol())) {
        http2(ctx.pipeline());
      } else {
        http1(ctx.pipeline());
      }
      ctx.pipeline().remove(this);
      if (draining) {
        ctx.pipeline().fireUserEventTriggered(Farewell.EVENT);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOG.log(System.Logger.Level.DEBUG, "connection broke before its first request", cause);
      Sent.hangUp(ctx.channel());
    }
  }

  private void http1(ChannelPipeline pipeline) {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(options.maxHeaderBytes())
            .setMaxHeaderSize(options.maxHeaderBytes())
            .setMaxChunkSize(64 << 10);
    pipeline.channel().config().setAutoRead(false);
    pipeline.addLast(
        new Farewell(false, () -> parted(pipeline.channel())),
        new HeadDeadline(options),
        new HttpServerCodec(config),
        new RequestHandler(this, false));
  }

  private void http2(ChannelPipeline pipeline) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .initialWindowSize(STREAM_WINDOW_BYTES)
                    .maxConcurrentStreams(options.maxStreams())
                    .maxHeaderListSize(options.maxHeaderBytes()))
            .decoderEnforceMaxRstFramesPerWindow(RESETS_PER_WINDOW, RESET_WINDOW_SECONDS)
            .encoderEnforceMaxRstFramesPerWindow(FAULTS_PER_WINDOW, RESET_WINDOW_SECONDS)
            .gracefulShutdownTimeoutMillis(0) // drain has waited for whom it waits
            .build();
    pipeline.addLast(
        new FlushConsolidationHandler(FLUSHES_GATHERED, true),
        codec,
        new ConnectionWindow(codec),
        new StreamDeadline(codec.connection(), options),
        new Farewell(true, () -> parted(pipeline.channel())),
        new Http2MultiplexHandler(new Streams()),
        new Breakage());
  }

  /** Closes what stands still. Called by a loop every {@link ServerOptions#bodyTimeout}. */
  void look() {
    underway.hangUpStalled();
    for (Channel channel : open) {
      StreamDeadline deadline = channel.pipeline().get(StreamDeadline.class);
      if (deadline != null) {
        channel.eventLoop().execute(() -> deadline.look(channel));
      }
    }
  }

  @ChannelHandler.Sharable
  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream.config().setAutoRead(false);
      stream
          .pipeline()
          .addLast(
              new Http2StreamFrameToHttpObjectCodec(true),
              new RequestHandler(Connections.this, true));
    }
  }

  /**
   * Lets one connection carry several uploads at full speed: the default window is 64 KiB for all.
   */
  private static final class ConnectionWindow extends ChannelInboundHandlerAdapter {
    private final Http2FrameCodec codec;

    ConnectionWindow(Http2FrameCodec codec) {
      this.codec = codec;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
      codec
          .connection()
          .local()
          .flowController()
          .incrementWindowSize(codec.connection().connectionStream(), STREAM_WINDOW_BYTES);
    }
  }

  /**
   * Takes leave of every client: requests that have come are answered, for at most {@code limit},
   * then pushed streams end, then what is left is closed.
   */
  void drain(Duration limit) {
    draining = true;
    for (Channel channel : open) {
      await(channel);
      channel.pipeline().fireUserEventTriggered(Farewell.EVENT);
    }
    try {
      underway.await(parting::isEmpty, PARTING_LIMIT);
      if (!underway.await(underway::allAnswered, limit)) {
        LOG.log(
            System.Logger.Level.INFO,
            "closing with {0} requests still running",
            underway.unanswered());
      }
      underway.endPushed(PARTING_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    open.forEach(Connections::endOutput);
    open.newCloseFuture().awaitUninterruptibly(LINGER_MILLIS);
    open.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  /**
   * Says that nothing more will come; a client that hears it closes. A socket closed on this side
   * while something unread has come resets the connection, and takes from the client what it has
   * not read yet.
   */
  private static void endOutput(Channel channel) {
    channel
        .eventLoop()
        .execute(
            () -> {
              SslHandler ssl = channel.pipeline().get(SslHandler.class);
              if (ssl != null) {
                ssl.closeOutbound().addListener(_ -> {});
              }
              if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput().addListener(_ -> {});
              }
            });
  }

  private void await(Channel channel) {
    parting.add(channel);
    channel.closeFuture().addListener(_ -> parted(channel));
  }

  private void parted(Channel channel) {
    parting.remove(channel);
    underway.tell();
  }
}
