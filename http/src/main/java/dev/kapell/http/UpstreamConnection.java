package dev.kapell.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request to another server and its answer. The event loop fills it, one thread drains it. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements AutoCloseable {
  /** The beginning of an answer. */
  record Head(int status, Headers headers) {}

  private final Upstream to;
  private final WriteGate gate = new WriteGate();
  private final CompletableFuture<Head> head = new CompletableFuture<>();
  private final Inbox inbox = new Inbox(this::resume);
  private volatile @Nullable Channel channel;
  private volatile @Nullable ByteTunnel tunnel;
  private volatile @Nullable HttpFailure expired;
  private volatile @Nullable SpdyConnection streams;
  private final boolean wantsStreams;
  private boolean room = true;
  private boolean keepAlive;
  private volatile boolean reusable;

  /** A connection whose upgrade, if it comes to one, leads to a tunnel of bytes. */
  UpstreamConnection(Upstream to) {
    this(to, false);
  }

  /** One whose upgrade leads to SPDY. */
  static UpstreamConnection forStreams(Upstream to) {
    return new UpstreamConnection(to, true);
  }

  private UpstreamConnection(Upstream to, boolean wantsStreams) {
    this.to = to;
    this.wantsStreams = wantsStreams;
  }

  Upstream upstream() {
    return to;
  }

  /** The time for the whole request is over: whoever waits fails. */
  void expire(Duration limit) {
    HttpFailure over =
        new HttpFailure(
            504,
            to.authority()
                + " did not answer within "
                + limit.toMillis()
                + " ms: deadline exceeded");
    expired = over;
    head.completeExceptionally(over);
    inbox.fail(over);
    close();
  }

  /** What {@link #expire} said, once it was called. */
  Optional<HttpFailure> expired() {
    return Optional.ofNullable(expired);
  }

  private Channel channel() throws IOException {
    Channel open = channel;
    if (open == null) {
      throw new IOException("not connected to " + to.authority());
    }
    return open;
  }

  private void resume() {
    Channel open = channel;
    if (open != null) {
      open.eventLoop()
          .execute(
              () -> {
                room = true;
                open.read();
              });
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpResponse response) {
        begin(ctx, response);
      }
      if (message instanceof HttpContent content && tunnel == null && streams == null) {
        room &= inbox.offer(ByteBufUtil.getBytes(content.content()));
        if (content instanceof LastHttpContent) {
          reusable = keepAlive && room && content.decoderResult().isSuccess();
          inbox.end();
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      head.completeExceptionally(new HttpFailure(502, to.authority() + " did not answer in HTTP"));
      Sent.hangUp(ctx.channel());
      return;
    }
    int status = response.status().code();
    if (status == 100) {
      return;
    }
    keepAlive = HttpUtil.isKeepAlive(response) && status != 101;
    if (status == 101) {
      if (wantsStreams) {
        SpdyConnection opened = new SpdyConnection(ctx.channel());
        streams = opened;
        ctx.pipeline().addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1), opened);
      } else {
        ByteTunnel opened = new ByteTunnel(ctx.channel(), () -> {});
        tunnel = opened;
        ctx.pipeline().addLast(opened);
      }
      ctx.pipeline().remove(this);
      ctx.pipeline().remove(HttpClientCodec.class);
    }
    List<Headers.Line> lines = new ArrayList<>();
    for (Map.Entry<String, String> entry : response.headers()) {
      lines.add(new Headers.Line(entry.getKey(), entry.getValue()));
    }
    head.complete(new Head(status, new Headers(lines)));
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (room) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    gate.signal();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    HttpFailure broken = new HttpFailure(502, to.authority() + " closed the connection");
    head.completeExceptionally(broken);
    inbox.fail(broken);
    gate.signal();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    HttpFailure broken =
        new HttpFailure(
            502, "the connection to " + to.authority() + " broke: " + cause.getMessage());
    head.completeExceptionally(broken);
    inbox.fail(broken);
    Sent.hangUp(ctx.channel());
  }

  /** Sends a request with its whole body. */
  void send(String method, String target, Headers headers, byte[] body) throws IOException {
    boolean bare = body.length == 0 && (method.equals("GET") || method.equals("HEAD"));
    begin(method, target, bare ? headers : headers.and("Content-Length", "" + body.length));
    if (body.length > 0) {
      write(body);
    }
    end();
  }

  /** Sends the head of a request; {@link #write} and {@link #end} follow. */
  void begin(String method, String target, Headers headers) throws IOException {
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target);
    for (Headers.Line line : headers.lines()) {
      request.headers().add(line.name(), line.value());
    }
    Sent.unwatched(channel().write(request));
  }

  /** Sends a piece of the body; waits while the other end is slow. */
  void write(byte[] bytes) throws IOException {
    Channel open = channel();
    gate.await(open);
    Sent.unwatched(open.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes))));
  }

  /** Ends the request. */
  void end() throws IOException {
    Sent.unwatched(channel().writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  /** The beginning of the answer; zero patience waits for ever. */
  Head head(Duration patience) throws IOException {
    try {
      return patience.isZero() ? head.get() : head.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + to.authority());
    } catch (TimeoutException e) {
      throw new HttpFailure(
          504, to.authority() + " did not answer within " + patience.toSeconds() + " seconds");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpFailure failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    }
  }

  /** The next piece of the answer's body, null at its end. */
  byte @Nullable [] read(Duration patience) throws IOException {
    return inbox.take(patience);
  }

  /** The streams after a 101. */
  SpdyConnection streams() throws IOException {
    SpdyConnection opened = streams;
    if (opened == null) {
      throw new IOException(to.authority() + " has not switched protocols");
    }
    return opened;
  }

  /** The tunnel after a 101. */
  Tunnel tunnel() throws IOException {
    Tunnel opened = tunnel;
    if (opened == null) {
      throw new IOException(to.authority() + " has not switched protocols");
    }
    return opened;
  }

  boolean isConnected() {
    return channel != null;
  }

  /** Whether any of the answer has come. */
  boolean answered() {
    return head.isDone() && !head.isCompletedExceptionally();
  }

  /** The channel, when its next request can be sent on it: the answer was read to its end. */
  Optional<Channel> reusable() {
    return reusable && expired == null ? Optional.ofNullable(channel) : Optional.empty();
  }

  @Override
  public void close() {
    Channel open = channel;
    if (open != null) {
      Sent.hangUp(open);
    }
  }
}
