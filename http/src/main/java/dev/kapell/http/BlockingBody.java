package dev.kapell.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.OutputStream;

/** A body that a virtual thread writes; a write waits while the channel's buffer is full. */
final class BlockingBody extends OutputStream {
  private final Channel channel;
  private final WriteGate gate;
  private final boolean discard;
  private final Runnable ended;
  private boolean closed;

  /** Written by the one that writes, read by whoever looks whether the client goes on. */
  private volatile long givenBytes;

  /**
   * @param discard for an answer to HEAD: nothing is sent
   * @param ended called on the event loop when the last byte is out
   */
  BlockingBody(Channel channel, WriteGate gate, boolean discard, Runnable ended) {
    this.channel = channel;
    this.gate = gate;
    this.discard = discard;
    this.ended = ended;
  }

  long givenBytes() {
    return givenBytes;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the body has ended");
    }
    if (discard || length == 0) {
      return;
    }
    if (!channel.isWritable()) {
      channel.flush(); // what was not flushed yet would fill it for ever
    }
    gate.await(channel);
    long given = givenBytes;
    givenBytes = given + length;
    ByteBuf copy = channel.alloc().buffer(length).writeBytes(bytes, offset, length);
    Sent.unwatched(channel.write(new DefaultHttpContent(copy)));
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(_ -> ended.run());
    }
  }
}
