package dev.kapell.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@link Pushed} body while the channel is writable. Owned by the event loop; only {@link
 * #wake} is called from elsewhere. Small pieces are gathered in one buffer a turn.
 *
 * <p>What a quiet source says goes out at once. Then the writer rests for some milliseconds, and
 * what comes meanwhile goes out together: each write costs a record of TLS and a call of the
 * kernel, many times what an event costs.
 *
 * <pre>
 * listening ──something sent──▶ resting ──silence──▶ listening
 *                                  └──woken meanwhile──▶ pump
 * </pre>
 */
final class PushWriter {
  /** As much as a frame of HTTP/2: of parts of two buffers Netty would make another. */
  private static final int GATHER_BYTES = 16 << 10;

  private static final int POLLS_PER_TURN = 64;
  private static final int REST_MILLIS = 10;

  private final Channel channel;
  private final Pushed source;
  private final Runnable ended;
  private final AtomicBoolean woken = new AtomicBoolean();
  private @Nullable ByteBuf gathered;
  private boolean sent;
  private boolean resting;
  private boolean missed;
  private boolean done;

  /** Written on the loop, read by whoever looks whether the client goes on. */
  private volatile long givenBytes;

  PushWriter(Channel channel, Pushed source, Runnable ended) {
    this.channel = channel;
    this.source = source;
    this.ended = ended;
  }

  void start() {
    source.start(this::wake);
    pump();
  }

  /** Asks the loop for a turn; one is enough for any number of calls. */
  void wake() {
    if (woken.compareAndSet(false, true) && !channel.eventLoop().isShuttingDown()) {
      channel.eventLoop().execute(this::turn);
    }
  }

  private void turn() {
    if (resting) {
      missed = true; // and stays woken: nobody has to call again
    } else {
      woken.set(false);
      pump();
    }
  }

  private void rest() {
    if (sent) {
      sent = false;
      resting = true;
      channel
          .eventLoop()
          .schedule(this::rested, REST_MILLIS, TimeUnit.MILLISECONDS)
          .addListener(_ -> {});
    }
  }

  private void rested() {
    resting = false;
    if (missed) {
      missed = false;
      turn();
    }
  }

  void pump() {
    if (done || resting) {
      return;
    }
    try {
      int polls = 0;
      while (channel.isWritable()) {
        switch (source.poll(this::add)) {
          case MORE -> {
            if (++polls == POLLS_PER_TURN) {
              send();
              channel.flush();
              wake();
              return;
            }
          }
          case IDLE -> {
            send();
            channel.flush();
            rest();
            return;
          }
          case END -> {
            end();
            return;
          }
        }
      }
      channel.flush(); // what is gathered goes once there is room
    } catch (RuntimeException e) {
      stop();
      channel.pipeline().fireExceptionCaught(e);
    }
  }

  long givenBytes() {
    return givenBytes;
  }

  private void add(byte[] bytes) {
    sent = true;
    long given = givenBytes;
    givenBytes = given + bytes.length;
    if (bytes.length >= GATHER_BYTES) {
      send();
      Sent.unwatched(channel.write(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes))));
      return;
    }
    for (int from = 0; from < bytes.length; ) {
      if (gathered == null) {
        gathered = channel.alloc().buffer(GATHER_BYTES, GATHER_BYTES);
      }
      int fits = Math.min(gathered.writableBytes(), bytes.length - from);
      gathered.writeBytes(bytes, from, fits);
      from += fits;
      if (!gathered.isWritable()) {
        send();
      }
    }
  }

  private void send() {
    if (gathered != null) {
      ByteBuf full = gathered;
      gathered = null;
      Sent.unwatched(channel.write(new DefaultHttpContent(full)));
    }
  }

  /** Ends the body where it is, in good order. */
  void end() {
    if (done) {
      return;
    }
    send();
    done = true;
    source.close();
    channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(_ -> ended.run());
  }

  /** The client is gone. */
  void stop() {
    if (!done) {
      done = true;
      source.close();
      if (gathered != null) {
        gathered.release();
        gathered = null;
      }
    }
  }
}
