package dev.kapell.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes an HTTP/1.1 connection whose next request does not begin in time, or whose head, once
 * begun, is not complete in time. {@link RequestHandler} says when a head is complete and when the
 * answer is out.
 *
 * <pre>
 * waiting ──first byte──▶ reading ──head complete──▶ busy ──answered──▶ waiting
 *    │ idleTimeout           │ headTimeout
 *    └────────▶ closed ◀─────┘
 * </pre>
 */
final class HeadDeadline extends ChannelInboundHandlerAdapter {
  private enum State {
    WAITING,
    READING,
    BUSY
  }

  private final ServerOptions options;
  private State state = State.WAITING;
  private @Nullable ScheduledFuture<?> alarm;
  private @Nullable ChannelHandlerContext own;

  HeadDeadline(ServerOptions options) {
    this.options = options;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    own = ctx;
    arm(ctx, options.headTimeout());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    own = null;
    disarm();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.WAITING) {
      state = State.READING;
      arm(ctx, options.headTimeout());
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disarm();
    ctx.fireChannelInactive();
  }

  /** A head is complete; from here on the exchange has its own limits. */
  void headComplete() {
    state = State.BUSY;
    disarm();
  }

  /** The answer is out; the next request may take its time. */
  void answered() {
    state = State.WAITING;
    if (own != null) {
      arm(own, options.idleTimeout());
    }
  }

  private void arm(ChannelHandlerContext ctx, Duration limit) {
    disarm();
    alarm =
        ctx.executor()
            .schedule(() -> Sent.hangUp(ctx.channel()), limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
