package dev.kapell.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a request carries, piece by piece or whole. The request's own thread reads it. */
final class RequestContent {
  private final Channel channel;
  private final Inbox inbox;
  private final ServerOptions options;
  private boolean expectsContinue;

  /**
   * @param expectsContinue whether the sender waits to be told to go on
   */
  RequestContent(Channel channel, Inbox inbox, ServerOptions options, boolean expectsContinue) {
    this.channel = channel;
    this.inbox = inbox;
    this.options = options;
    this.expectsContinue = expectsContinue;
  }

  Inbox inbox() {
    return inbox;
  }

  /** The next piece; null at the end. */
  byte @Nullable [] next() throws IOException {
    if (expectsContinue) {
      expectsContinue = false;
      Sent.unwatched(
          channel.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE)));
    }
    return inbox.take(options.bodyTimeout());
  }

  /** All of it; 413 when that is too large, 408 when it takes too long to come. */
  byte[] whole(Headers headers) throws IOException {
    long declared = declaredLength(headers);
    if (declared > options.maxBodyBytes()) {
      throw tooLarge();
    }
    Duration patience = options.bodyTimeout().multipliedBy(2);
    byte[] first = next();
    if (first == null) {
      return new byte[0];
    }
    if (first.length == declared) {
      return first;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream((int) Math.max(declared, first.length));
    for (byte[] piece = first; piece != null; piece = next()) {
      if (all.size() + piece.length > options.maxBodyBytes()) {
        throw tooLarge();
      }
      if (inbox.waited().compareTo(patience) > 0) {
        throw new HttpFailure(
            408, "the body was waited for longer than " + patience.toSeconds() + " seconds");
      }
      all.write(piece, 0, piece.length);
    }
    return all.toByteArray();
  }

  private static long declaredLength(Headers headers) throws HttpFailure {
    try {
      return headers.first("Content-Length").map(Long::parseLong).orElse(-1L);
    } catch (NumberFormatException e) {
      throw new HttpFailure(400, "Content-Length is not a number");
    }
  }

  private HttpFailure tooLarge() {
    return new HttpFailure(
        413, "the request body is larger than the limit of " + options.maxBodyBytes() + " bytes");
  }
}
