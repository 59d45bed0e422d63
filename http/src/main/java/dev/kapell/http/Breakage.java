package dev.kapell.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/** The end of a pipeline: hangs up when the connection has broken. A peer that goes is no news. */
class Breakage extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger("kapell.http");

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.log(
        cause instanceof IOException ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
        "connection broke",
        cause);
    Sent.hangUp(ctx.channel());
  }
}
