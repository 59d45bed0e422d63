package dev.kapell.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One client's WebSocket: messages both ways. One thread reads; any may send. */
public final class WebSocketServer implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 1 << 20;
  private static final int TOO_LARGE = 1009;
  private static final int BROKEN = 1002;

  private final Tunnel tunnel;
  private final ReentrantLock sending = new ReentrantLock();
  private byte[] held = new byte[0];
  private int at;

  private WebSocketServer(Tunnel tunnel) {
    this.tunnel = tunnel;
  }

  /** The protocols that the client offers, the one it likes best first; empty: no WebSocket. */
  public static List<String> offered(Exchange exchange) {
    return WebSocketFrames.isWanted(exchange)
        ? exchange.headers().first("Sec-WebSocket-Protocol").stream()
            .flatMap(value -> Arrays.stream(value.split(",", -1)))
            .map(String::strip)
            .toList()
        : List.of();
  }

  /** Accepts it with one of the protocols that are {@link #offered}. */
  public static WebSocketServer accept(Exchange exchange, String protocol) throws IOException {
    return new WebSocketServer(
        WebSocketFrames.open(exchange, Headers.of("Sec-WebSocket-Protocol", protocol)));
  }

  /** Sends a binary message; waits while the client is slow, fails when it is gone. */
  public void send(byte[] message) throws IOException {
    write(WebSocketFrames.frame(WebSocketFrames.WHOLE_BINARY, message));
  }

  private void write(byte[] frame) throws IOException {
    sending.lock();
    try {
      tunnel.write(frame);
    } finally {
      sending.unlock();
    }
  }

  /** The next message, null when the client has closed or gone; waits for it. */
  public byte @Nullable [] read() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (true) {
      int first = next();
      int second = first < 0 ? -1 : next();
      if (second < 0) {
        return null;
      }
      int opcode = first & 0x0F;
      byte[] payload = payload(second, LARGEST_MESSAGE - message.size());
      if (payload == null || opcode == 8) {
        return null;
      } else if (opcode == 9) {
        write(WebSocketFrames.pong(payload));
      } else if (opcode <= 2) {
        message.writeBytes(payload);
        if ((first & 0x80) != 0) {
          return message.toByteArray();
        }
      }
    }
  }

  private byte @Nullable [] payload(int second, int most) throws IOException {
    long length = second & 0x7F;
    if (length >= 126) {
      length = number(length == 126 ? 2 : 8);
    }
    if (length < 0 || length > most || (second & 0x80) == 0) {
      boolean masked = (second & 0x80) != 0;
      write(WebSocketFrames.close(masked ? TOO_LARGE : BROKEN));
      return null;
    }
    int mask = (int) number(4);
    byte[] payload = new byte[(int) length];
    for (int i = 0; i < payload.length; i++) {
      int value = next();
      if (value < 0) {
        return null;
      }
      payload[i] = (byte) (value ^ (mask >>> (8 * (3 - i % 4))));
    }
    return payload;
  }

  private long number(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      int value = next();
      if (value < 0) {
        return -1;
      }
      number = number << 8 | value;
    }
    return number;
  }

  private int next() throws IOException {
    while (at == held.length) {
      byte[] more = tunnel.read();
      if (more == null) {
        return -1;
      }
      held = more;
      at = 0;
    }
    return held[at++] & 0xFF;
  }

  /** Says goodbye and ends the connection. */
  public void finish() throws IOException {
    write(WebSocketFrames.close());
    tunnel.finish();
  }

  @Override
  public void close() {
    tunnel.close();
  }
}
