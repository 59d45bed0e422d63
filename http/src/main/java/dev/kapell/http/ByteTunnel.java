package dev.kapell.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The last handler of a connection that has become a tunnel; used at both ends of a relay. */
final class ByteTunnel extends ChannelInboundHandlerAdapter implements Tunnel {
  private final Channel channel;
  private final Runnable closed;
  private final WriteGate gate = new WriteGate();
  private final Inbox inbox;
  private boolean room = true;

  /**
   * @param closed called once, on the event loop, when the connection is gone
   */
  ByteTunnel(Channel channel, Runnable closed) {
    this.channel = channel;
    this.closed = closed;
    this.inbox = new Inbox(() -> channel.eventLoop().execute(this::resume));
  }

  private void resume() {
    room = true;
    channel.read();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setAutoRead(false);
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      room &= inbox.offer(ByteBufUtil.getBytes(bytes));
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (room) {
      ctx.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      inbox.end();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    gate.signal();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    inbox.end();
    gate.signal();
    closed.run();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    inbox.fail(new IOException("the connection broke: " + cause.getMessage(), cause));
    Sent.hangUp(ctx.channel());
  }

  @Override
  public byte @Nullable [] read() throws IOException {
    return inbox.take(Duration.ZERO);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    gate.await(channel);
    Sent.unwatched(channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)));
  }

  @Override
  public void finish() {
    boolean halves =
        channel instanceof DuplexChannel && channel.pipeline().get(SslHandler.class) == null;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            halves
                ? _ -> ((DuplexChannel) channel).shutdownOutput().addListener(_ -> {})
                : ChannelFutureListener.CLOSE);
  }

  @Override
  public void close() {
    Sent.hangUp(channel);
  }
}
