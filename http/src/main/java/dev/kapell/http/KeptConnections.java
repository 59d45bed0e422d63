package dev.kapell.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Open connections that wait for their next request. Thread-safe; bounded in number and time.
 *
 * <p>They are kept by everything that an {@link Upstream} says, its TLS identity included: whoever
 * trusts other authorities, or shows another certificate, never gets an old one.
 */
final class KeptConnections {
  private static final int MOST = 64;
  private static final int MOST_EACH = 8;
  private static final int IDLE_SECONDS = 30;

  /** Guarded by this. */
  private final Map<Upstream, ArrayDeque<Waiting>> idle = new HashMap<>();

  private int count;

  /** A connection to {@code to}, with {@code next} as its handler; false when there is none. */
  boolean reuse(Upstream to, UpstreamConnection next) {
    for (Waiting kept = take(to); kept != null; kept = take(to)) {
      if (kept.handOver(next)) {
        return true;
      }
    }
    return false;
  }

  private synchronized @Nullable Waiting take(Upstream to) {
    ArrayDeque<Waiting> kept = idle.get(to);
    if (kept == null) {
      return null;
    }
    Waiting last = kept.removeLast(); // the one that has waited least is the likeliest to live
    forget(to, kept);
    return last;
  }

  private void forget(Upstream to, ArrayDeque<Waiting> kept) {
    count--;
    if (kept.isEmpty()) {
      idle.remove(to);
    }
  }

  /** Keeps the connection of {@code used}, whose answer is complete, or closes it. */
  void keep(UpstreamConnection used, Channel channel) {
    Waiting waiting = new Waiting(used.upstream(), channel);
    channel
        .eventLoop()
        .execute(
            () -> {
              channel.pipeline().remove(used);
              channel.pipeline().addLast(waiting);
              channel.read();
            });
    if (!add(waiting)) { // only now can somebody take it, whose turn in the loop comes later
      Sent.hangUp(channel);
    }
  }

  private synchronized boolean add(Waiting waiting) {
    if (count >= MOST) {
      return false;
    }
    ArrayDeque<Waiting> kept = idle.computeIfAbsent(waiting.to, _ -> new ArrayDeque<>(1));
    if (kept.size() >= MOST_EACH) {
      return false;
    }
    kept.addLast(waiting);
    count++;
    return true;
  }

  private synchronized void remove(Waiting waiting) {
    ArrayDeque<Waiting> kept = idle.get(waiting.to);
    if (kept != null && kept.remove(waiting)) {
      forget(waiting.to, kept);
    }
  }

  /** Sits on a connection while nobody uses it. Runs on the event loop. */
  private final class Waiting extends ChannelInboundHandlerAdapter {
    private final Upstream to;
    private final Channel channel;
    private @Nullable ScheduledFuture<?> alarm;

    Waiting(Upstream to, Channel channel) {
      this.to = to;
      this.channel = channel;
    }

    /** Called by the next user's thread; false when the connection is closed. */
    boolean handOver(UpstreamConnection next) {
      AtomicBoolean done = new AtomicBoolean();
      channel
          .eventLoop()
          .submit(
              () -> {
                if (channel.isActive()) {
                  channel.pipeline().remove(this);
                  channel.pipeline().addLast(next);
                  done.set(true);
                }
              })
          .awaitUninterruptibly();
      return done.get();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      alarm = ctx.executor().schedule(() -> leave(ctx.channel()), IDLE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      if (alarm != null) {
        alarm.cancel(false);
      }
    }

    private void leave(Channel idleChannel) {
      remove(this);
      Sent.hangUp(idleChannel);
    }

    /** Nothing was asked. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      leave(ctx.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      leave(ctx.channel());
    }
  }
}
