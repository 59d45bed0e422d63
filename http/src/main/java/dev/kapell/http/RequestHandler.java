package dev.kapell.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns the HTTP objects of one connection (or one HTTP/2 stream) into exchanges, one at a time.
 *
 * <p>Everything here runs on the event loop. It always keeps one read outstanding, to hear of a
 * client that leaves; pipelined requests that come with it wait in {@code early}, which holds no
 * more than one read from the socket brings.
 *
 * <pre>
 * idle ──head──▶ running ──answered, body complete──▶ idle
 *                   └──answered, body not complete──▶ discarding ──▶ idle, or closed after a while
 * </pre>
 */
final class RequestHandler extends Breakage {
  private static final System.Logger LOG = System.getLogger("kapell.http");
  private static final int DISCARD_SECONDS = 5;

  private final Connections connections;
  private final boolean http2;
  private volatile @Nullable ChannelExchange current;
  private final ArrayDeque<Object> early = new ArrayDeque<>(1);
  private boolean requestEnded;
  private boolean answerEnded;
  private boolean room = true;

  RequestHandler(Connections connections, boolean http2) {
    this.connections = connections;
    this.http2 = http2;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      ctx.read();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (current != null && requestEnded) {
      early.add(message);
    } else {
      take(ctx, message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    boolean inBody = current != null && !requestEnded;
    if (inBody ? room || answerEnded : early.isEmpty()) {
      ctx.read();
    }
    ctx.fireChannelReadComplete();
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        begin(ctx, request);
      }
      if (message instanceof HttpContent content && current != null) {
        receive(ctx, current, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      refuse(ctx, request.decoderResult().cause());
      return;
    }
    HeadDeadline deadline = ctx.pipeline().get(HeadDeadline.class);
    if (deadline != null) {
      deadline.headComplete();
    }
    connections.underway().began(this);
    requestEnded = false;
    answerEnded = false;
    room = true;
    ChannelExchange exchange =
        new ChannelExchange(this, ctx, request, http2, connections.options());
    current = exchange;
    connections.handler().accept(exchange, handler -> start(ctx, exchange, handler));
  }

  /** Called from any thread. */
  private boolean start(ChannelHandlerContext ctx, ChannelExchange exchange, Handler handler) {
    try {
      connections.requests().start("request", () -> run(exchange, handler));
      return true;
    } catch (IllegalStateException closing) {
      LOG.log(System.Logger.Level.DEBUG, "request refused, the server is closing", closing);
      Sent.hangUp(ctx.channel());
      return false;
    }
  }

  private void run(ChannelExchange exchange, Handler handler) {
    try {
      handler.handle(exchange);
      if (!exchange.answered()) {
        LOG.log(
            System.Logger.Level.ERROR, "no answer to {0} {1}", exchange.method(), exchange.path());
        exchange.refuse(500, "the handler gave no answer");
      }
    } catch (HttpFailure e) {
      exchange.refuse(e.status(), String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      exchange.refuse(503, "the server is closing");
    } catch (Exception e) {
      boolean brokenOff = exchange.gone() || (e instanceof IOException && exchange.answered());
      LOG.log(
          brokenOff ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR,
          exchange.method() + " " + exchange.path(),
          e);
      exchange.refuse(500, "internal error");
    } catch (Error e) {
      exchange.refuse(500, "internal error");
      throw e; // to the scope's failures
    } finally {
      exchange.handled();
    }
  }

  private void receive(ChannelHandlerContext ctx, ChannelExchange exchange, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      exchange.inbox().fail(new HttpFailure(400, "the body's framing is broken"));
      return;
    }
    room = answerEnded || exchange.inbox().offer(ByteBufUtil.getBytes(content.content()));
    if (content instanceof LastHttpContent) {
      requestEnded = true;
      exchange.inbox().end();
      if (answerEnded) {
        next(ctx);
      }
    }
  }

  /** The body's reader has room again. */
  void resume(ChannelHandlerContext ctx) {
    room = true;
    ctx.read();
  }

  /** The last byte of the answer is out, or could not be sent. */
  void answered(ChannelHandlerContext ctx) {
    ChannelExchange exchange = current;
    if (answerEnded || exchange == null) {
      return;
    }
    answerEnded = true;
    exchange.ended();
    connections.underway().ended(this);
    if (requestEnded && !exchange.keepAlive() && !http2) {
      Sent.hangUp(ctx.channel());
    } else if (requestEnded) {
      next(ctx);
    } else {
      exchange.inbox().discard();
      ctx.executor()
          .schedule(() -> giveUp(ctx, exchange), DISCARD_SECONDS, TimeUnit.SECONDS)
          .addListener(_ -> {});
      ctx.read();
    }
  }

  /** A sender that does not stop after its request was refused. */
  private void giveUp(ChannelHandlerContext ctx, ChannelExchange exchange) {
    if (exchange.equals(current)) {
      Sent.hangUp(ctx.channel());
    }
  }

  private void next(ChannelHandlerContext ctx) {
    ChannelExchange done = current;
    current = null;
    if (http2) {
      return;
    }
    if (done != null && !done.keepAlive()) {
      Sent.hangUp(ctx.channel());
      return;
    }
    HeadDeadline deadline = ctx.pipeline().get(HeadDeadline.class);
    if (deadline != null) {
      deadline.answered();
    }
    while (!early.isEmpty() && !(current != null && requestEnded)) {
      take(ctx, early.remove());
    }
    ctx.read();
  }

  /** True when the client has already sent more than one request; then nothing can be upgraded. */
  boolean hasEarly() {
    return !early.isEmpty();
  }

  /** What is being answered; null for nothing. Called from any thread. */
  @Nullable ChannelExchange exchange() {
    return current;
  }

  /** Takes the exchange out of this handler's hands: the connection becomes a tunnel. */
  void surrender() {
    current = null;
  }

  void tunnelClosed() {
    connections.underway().ended(this);
  }

  /** The answer goes on for as long as the client likes. Called from any thread. */
  void lasts() {
    connections.underway().lasts(this);
  }

  /** The answer is a stream of events. Called from any thread. */
  void pushes() {
    connections.underway().pushes(this);
  }

  /** Whether clients are asked to go elsewhere. */
  boolean draining() {
    return connections.draining();
  }

  /** Whether streams end as soon as they have begun. */
  boolean ending() {
    return connections.underway().ending();
  }

  /** Ends a pushed body, when the server closes. Called from any thread. */
  void endPushed() {
    ChannelExchange exchange = current;
    if (exchange != null) {
      exchange.endPushed();
    }
  }

  private void refuse(ChannelHandlerContext ctx, Throwable cause) {
    HttpResponseStatus status =
        switch (cause) {
          case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
          case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
          default -> HttpResponseStatus.BAD_REQUEST;
        };
    byte[] text = (status.reasonPhrase() + "\n").getBytes(StandardCharsets.UTF_8);
    DefaultFullHttpResponse answer =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(text));
    answer
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (current != null) {
      current.writabilityChanged();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ChannelExchange exchange = current;
    current = null;
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    if (exchange != null) {
      exchange.inbox().fail(new HttpFailure(400, "the client closed the connection"));
      exchange.leave();
      if (!answerEnded) {
        answerEnded = true;
        exchange.ended();
        connections.underway().ended(this);
      }
    }
    ctx.fireChannelInactive();
  }
}
