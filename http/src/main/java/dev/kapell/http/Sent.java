package dev.kapell.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** What is sent or closed without waiting for the outcome. */
final class Sent {
  private Sent() {}

  /** A failed write closes the channel, and that is what the owner hears of. */
  static void unwatched(ChannelFuture written) {
    written.addListener(
        done -> {
          if (!done.isSuccess()) {
            hangUp(written.channel());
          }
        });
  }

  /** Closes {@code channel}; whoever owns it hears of it as {@code channelInactive}. */
  static void hangUp(Channel channel) {
    channel.close().addListener(_ -> {});
  }

  /** Runs {@code action} once {@code loop} has worked on what it has been given so far. */
  static void after(Executor loop, Runnable action) {
    try {
      loop.execute(action);
    } catch (RejectedExecutionException closed) {
      action.run();
    }
  }
}
