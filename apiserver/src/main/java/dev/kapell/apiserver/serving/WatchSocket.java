package dev.kapell.apiserver.serving;

import dev.kapell.base.TaskScope;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.HttpFailure;
import dev.kapell.http.Pushed;
import dev.kapell.http.Tunnel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.Semaphore;

/**
 * A watch over a WebSocket (RFC 6455): each event is a text message. Nothing that the client says
 * matters but that it goes.
 *
 * <p>The thread of the request writes, a second one reads; both end with the socket.
 */
final class WatchSocket {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int WHOLE_TEXT = 0x81;
  static final byte[] CLOSE = {(byte) 0x88, 2, 0x03, (byte) 0xE8}; // 1000: the normal end
  private static final int SHORT_BYTES = 126;

  private final Tunnel tunnel;
  private final Pushed events;
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean gone;

  private WatchSocket(Tunnel tunnel, Pushed events) {
    this.tunnel = tunnel;
    this.events = events;
  }

  /** Whether the client asks for one. */
  static boolean isWanted(Exchange exchange) {
    return !exchange.http2() && exchange.headers().hasToken("Upgrade", "websocket");
  }

  /** Serves until the watch or the client ends. */
  static void serve(Exchange exchange, Headers headers, Pushed events)
      throws IOException, InterruptedException {
    try (Tunnel tunnel = open(exchange, headers)) {
      new WatchSocket(tunnel, events).run();
    } finally {
      events.close();
    }
  }

  /** Accepts the client's WebSocket. */
  static Tunnel open(Exchange exchange, Headers headers) throws IOException {
    String key =
        exchange
            .headers()
            .first("Sec-WebSocket-Key")
            .orElseThrow(
                () -> new HttpFailure(400, "a WebSocket needs the header Sec-WebSocket-Key"));
    return exchange.upgrade(
        headers.and("Upgrade", "websocket").and("Sec-WebSocket-Accept", accept(key)));
  }

  private void run() throws IOException, InterruptedException {
    TaskScope reading = new TaskScope("watch-socket", WatchSocket::failed);
    try {
      reading.start("reader", this::read);
      write();
    } finally {
      tunnel.close(); // wakes the reader, for which the scope waits
      reading.close();
    }
  }

  private static void failed(String task, Throwable cause) {
    LOG.log(
        System.Logger.Level.DEBUG, "watch over a WebSocket ended cause={0}", cause.getMessage());
  }

  private static String accept(String key) {
    try {
      byte[] text = (key.strip() + MAGIC).getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /**
   * Whatever comes first is a close message, or a ping of a client that also takes silence for
   * life.
   */
  private void read() throws IOException {
    try {
      for (byte[] bytes = tunnel.read(); bytes != null; bytes = tunnel.read()) {
        boolean closes = bytes.length > 0 && (bytes[0] & 0x0F) == 8;
        if (closes) {
          break;
        }
      }
    } finally {
      gone = true;
      wake.release();
    }
  }

  private void write() throws IOException, InterruptedException {
    events.start(wake::release);
    while (!gone) {
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      Pushed.State state = events.poll(message::writeBytes);
      if (message.size() > 0) {
        tunnel.write(frame(WHOLE_TEXT, message.toByteArray()));
      }
      if (state == Pushed.State.END) {
        tunnel.write(CLOSE);
        return;
      }
      if (state == Pushed.State.IDLE) {
        wake.acquire();
        wake.drainPermits();
      }
    }
  }

  /** A whole message; {@code first} is the frame's first byte. */
  static byte[] frame(int first, byte[] message) {
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
