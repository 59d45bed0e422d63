package dev.kapell.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Tells a connection's client to begin nothing more, without losing what it has already sent. Runs
 * on the event loop.
 *
 * <p>HTTP/2 says so (RFC 9113, 6.8: GOAWAY that names no stream yet), and a ping whose answer comes
 * back after it: what the client sent before it knew has arrived by then. HTTP/1.1 has only the
 * next answer to say it with, so a connection gets a moment in which its next request may come.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
  /** The event that makes a connection take leave. */
  static final Object EVENT = new Object();

  private static final long PING = 0x6b6170656c6cL;
  private static final int MOMENT_MILLIS = 100;

  private final boolean http2;
  private final Runnable parted;

  /**
   * @param parted called when nothing more is to be expected of the client
   */
  Farewell(boolean http2, Runnable parted) {
    this.http2 = http2;
    this.parted = parted;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!event.equals(EVENT)) {
      ctx.fireUserEventTriggered(event);
    } else if (http2) {
      Http2GoAwayFrame later = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
      later.setExtraStreamIds(Integer.MAX_VALUE);
      Sent.unwatched(ctx.write(later));
      Sent.unwatched(ctx.writeAndFlush(new DefaultHttp2PingFrame(PING)));
    } else {
      ctx.executor().schedule(parted, MOMENT_MILLIS, TimeUnit.MILLISECONDS).addListener(_ -> {});
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2PingFrame ping && ping.ack() && ping.content() == PING) {
      ReferenceCountUtil.release(message);
      ctx.executor().execute(parted); // after the streams that came before it have begun
    } else {
      ctx.fireChannelRead(message);
    }
  }
}
