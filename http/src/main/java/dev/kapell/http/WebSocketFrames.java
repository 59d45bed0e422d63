package dev.kapell.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The server's side of the WebSocket protocol (RFC 6455): the handshake and what is sent. */
public final class WebSocketFrames {
  /** First byte of a text message in one frame. */
  public static final int WHOLE_TEXT = 0x81;

  /** First byte of a binary message in one frame. */
  public static final int WHOLE_BINARY = 0x82;

  private static final int PONG = 0x8A;
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int SHORT_BYTES = 126;

  private WebSocketFrames() {}

  /** Whether the client asks for a WebSocket. */
  public static boolean isWanted(Exchange exchange) {
    return !exchange.http2() && exchange.headers().hasToken("Upgrade", "websocket");
  }

  /** Accepts the client's WebSocket; {@code headers} may name the protocol. */
  public static Tunnel open(Exchange exchange, Headers headers) throws IOException {
    String key =
        exchange
            .headers()
            .first("Sec-WebSocket-Key")
            .orElseThrow(
                () -> new HttpFailure(400, "a WebSocket needs the header Sec-WebSocket-Key"));
    return exchange.upgrade(
        headers.and("Upgrade", "websocket").and("Sec-WebSocket-Accept", accept(key)));
  }

  private static String accept(String key) {
    try {
      byte[] text = (key.strip() + MAGIC).getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** The frame by which a server ends normally (1000). */
  public static byte[] close() {
    return close(1000);
  }

  static byte[] close(int code) {
    return new byte[] {(byte) 0x88, 2, (byte) (code >> 8), (byte) code};
  }

  static byte[] pong(byte[] payload) {
    return frame(PONG, payload);
  }

  /** A whole message; {@code first} is {@link #WHOLE_TEXT} or {@link #WHOLE_BINARY}. */
  public static byte[] frame(int first, byte[] message) {
    ByteBuffer frame = ByteBuffer.allocate(message.length + 10);
    frame.put((byte) first);
    if (message.length < SHORT_BYTES) {
      frame.put((byte) message.length);
    } else if (message.length < 1 << 16) {
      frame.put((byte) SHORT_BYTES).putShort((short) message.length);
    } else {
      frame.put((byte) (SHORT_BYTES + 1)).putLong(message.length);
    }
    frame.put(message).flip();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }
}
