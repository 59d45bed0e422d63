package dev.kapell.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;

/**
 * The end of a pipeline: hangs up when the connection has broken. A peer that goes, or breaks the
 * rules of HTTP/2, is no news.
 */
class Breakage extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger("kapell.http");

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    boolean peers = cause instanceof IOException || cause instanceof Http2Exception;
    LOG.log(
        peers ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING, "connection broke", cause);
    if (!(cause instanceof Http2Exception.StreamException)) { // that one the multiplexer resets,
      Sent.hangUp(ctx.channel()); // with its reason, so that it counts as one of too many
    }
  }
}
