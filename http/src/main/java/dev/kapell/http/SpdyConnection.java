package dev.kapell.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server that speaks SPDY/3.1, as container runtimes do for exec and attach: many
 * streams on one connection, each closed one way at a time. Without flow control by stream, which
 * they do not have either: a stream that is not read holds up the others.
 *
 * <p>The event loop fills the streams' inboxes; a stream is read by one thread and written by one.
 */
public final class SpdyConnection extends SimpleChannelInboundHandler<SpdyFrame>
    implements AutoCloseable {
  private final Channel channel;
  private final WriteGate gate = new WriteGate();
  private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
  private final AtomicInteger nextId = new AtomicInteger(1); // a client's are odd
  private int full; // inboxes that wait for their reader; the event loop's

  SpdyConnection(Channel channel) {
    this.channel = channel;
  }

  /** Opens a stream with these headers. */
  public Tunnel open(Headers headers) throws IOException {
    Stream stream = new Stream(nextId.getAndAdd(2));
    streams.put(stream.id, stream);
    DefaultSpdySynStreamFrame begin = new DefaultSpdySynStreamFrame(stream.id, 0, (byte) 0);
    headers.lines().forEach(line -> begin.headers().add(line.name(), line.value()));
    gate.await(channel);
    Sent.unwatched(channel.writeAndFlush(begin));
    return stream;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel.config().setOption(ChannelOption.AUTO_READ, false);
    ctx.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, SpdyFrame frame) {
    switch (frame) {
      case SpdyDataFrame data -> {
        Stream stream = streams.get(data.streamId());
        if (stream != null) {
          stream.offer(ByteBufUtil.getBytes(data.content()), data.isLast());
        }
      }
      case SpdySynReplyFrame reply -> {
        Stream stream = streams.get(reply.streamId());
        if (stream != null && reply.isLast()) {
          stream.inbox.end();
        }
      }
      case SpdyRstStreamFrame reset -> {
        Stream stream = streams.get(reset.streamId());
        if (stream != null) {
          stream.inbox.end(); // how some servers end all streams once they are done
        }
      }
      case SpdyPingFrame ping -> Sent.unwatched(ctx.writeAndFlush(ping));
      default -> {} // settings, windows and what only a server may be asked
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (full == 0) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    gate.signal();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    streams.values().forEach(stream -> stream.inbox.end());
    gate.signal();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    IOException broken = new IOException("the connection broke: " + cause.getMessage(), cause);
    streams.values().forEach(stream -> stream.inbox.fail(broken));
    Sent.hangUp(channel);
  }

  /** Ends every stream. */
  @Override
  public void close() {
    Sent.hangUp(channel);
  }

  private final class Stream implements Tunnel {
    private final int id;
    private final Inbox inbox = new Inbox(() -> channel.eventLoop().execute(this::resume));

    Stream(int id) {
      this.id = id;
    }

    void offer(byte[] bytes, boolean last) {
      if (!inbox.offer(bytes)) {
        full++;
      }
      if (last) {
        inbox.end();
      }
    }

    private void resume() {
      full--;
      if (full == 0) {
        channel.read();
      }
    }

    @Override
    public byte @Nullable [] read() throws IOException {
      return inbox.take(Duration.ZERO);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      gate.await(channel);
      Sent.unwatched(
          channel.writeAndFlush(new DefaultSpdyDataFrame(id, Unpooled.wrappedBuffer(bytes))));
    }

    @Override
    public void finish() {
      Sent.unwatched(channel.writeAndFlush(new DefaultSpdyDataFrame(id).setLast(true)));
    }

    @Override
    public void close() {
      finish();
      inbox.end();
      inbox.discard();
      streams.remove(id);
    }
  }
}
