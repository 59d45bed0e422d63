package dev.kapell.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;

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
}
