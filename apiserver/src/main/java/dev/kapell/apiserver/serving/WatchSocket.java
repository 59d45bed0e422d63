package dev.kapell.apiserver.serving;

import dev.kapell.base.TaskScope;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.Pushed;
import dev.kapell.http.Tunnel;
import dev.kapell.http.WebSocketFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * A watch over a WebSocket (RFC 6455): each event is a text message. Nothing that the client says
 * matters but that it goes.
 *
 * <p>The thread of the request writes, a second one reads; both end with the socket.
 */
final class WatchSocket {
  private static final System.Logger LOG = System.getLogger("kapell.apiserver");

  private final Tunnel tunnel;
  private final Pushed events;
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean gone;

  private WatchSocket(Tunnel tunnel, Pushed events) {
    this.tunnel = tunnel;
    this.events = events;
  }

  /** Serves until the watch or the client ends. */
  static void serve(Exchange exchange, Headers headers, Pushed events)
      throws IOException, InterruptedException {
    try (Tunnel tunnel = WebSocketFrames.open(exchange, headers)) {
      new WatchSocket(tunnel, events).run();
    } finally {
      events.close();
    }
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
        tunnel.write(WebSocketFrames.frame(WebSocketFrames.WHOLE_TEXT, message.toByteArray()));
      }
      if (state == Pushed.State.END) {
        tunnel.write(WebSocketFrames.close());
        return;
      }
      if (state == Pushed.State.IDLE) {
        wake.acquire();
        wake.drainPermits();
      }
    }
  }
}
