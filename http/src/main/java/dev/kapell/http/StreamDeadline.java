package dev.kapell.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import java.time.Duration;

/**
 * Closes an HTTP/2 connection whose client asks for nothing: what {@link HeadDeadline} is to
 * HTTP/1.1, but looked at every {@link ServerOptions#bodyTimeout} instead of with an alarm of its
 * own. Runs on the event loop.
 *
 * <pre>
 * opened ──first stream──▶ asking ──no stream──▶ quiet ──next stream──▶ asking
 *    │ headTimeout                                 │ idleTimeout
 *    └─────────────────▶ closed ◀──────────────────┘
 * </pre>
 */
final class StreamDeadline extends ChannelInboundHandlerAdapter {
  private final Http2Connection connection;
  private final ServerOptions options;
  private int lastStream;
  private int quietLooks;

  StreamDeadline(Http2Connection connection, ServerOptions options) {
    this.connection = connection;
    this.options = options;
  }

  /** Closes {@code channel} when it has been quiet for too many looks. */
  void look(Channel channel) {
    int newest = connection.remote().lastStreamCreated();
    if (connection.numActiveStreams() > 0 || newest != lastStream) {
      lastStream = newest;
      quietLooks = 0;
      return;
    }
    Duration limit = newest == 0 ? options.headTimeout() : options.idleTimeout();
    if (options.bodyTimeout().multipliedBy(quietLooks++).compareTo(limit) >= 0) {
      Sent.hangUp(channel);
    }
  }
}
