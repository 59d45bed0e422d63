package dev.kapell.node.serve;

import dev.kapell.base.TaskScope;
import dev.kapell.host.runtime.StreamOptions;
import dev.kapell.http.Exchange;
import dev.kapell.http.Headers;
import dev.kapell.http.SpdyConnection;
import dev.kapell.http.Tunnel;
import dev.kapell.http.WebSocketServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An exec or attach session over a WebSocket of the protocol {@code v5.channel.k8s.io}, which can
 * end standard input, for a runtime that can do so over SPDY only.
 *
 * <pre>
 *   message: channel byte, then bytes    0 stdin, 1 stdout, 2 stderr, 3 the final Status, 4 terminal size
 *            255, channel                that channel ends
 * </pre>
 *
 * <p>The exchange's thread waits for the runtime's streams to end; one task a stream carries bytes.
 */
final class ChannelSession {
  static final String PROTOCOL = "v5.channel.k8s.io";
  private static final System.Logger LOG = System.getLogger("kapell.node");
  private static final String STREAM_PROTOCOL = "v4.channel.k8s.io";

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;
  private static final int CLOSE = 255;

  private final WebSocketServer client;
  private final SpdyConnection runtime;
  private Optional<Tunnel> stdin = Optional.empty();
  private Optional<Tunnel> resize = Optional.empty();

  private ChannelSession(WebSocketServer client, SpdyConnection runtime) {
    this.client = client;
    this.runtime = runtime;
  }

  /** Whether the client speaks the protocol. */
  static boolean isWanted(Exchange exchange) {
    return WebSocketServer.offered(exchange).contains(PROTOCOL);
  }

  /** What the runtime is asked for. */
  static Headers request() {
    return Headers.of("X-Stream-Protocol-Version", STREAM_PROTOCOL);
  }

  /** Serves until the command has ended or the client is gone; closes {@code runtime}. */
  static void serve(Exchange exchange, SpdyConnection runtime, StreamOptions options)
      throws IOException, InterruptedException {
    try (runtime;
        WebSocketServer client = WebSocketServer.accept(exchange, PROTOCOL)) {
      new ChannelSession(client, runtime).run(options);
    }
  }

  private void run(StreamOptions options) throws IOException, InterruptedException {
    List<Thread> outputs = new ArrayList<>();
    try (TaskScope scope = new TaskScope("channels", ChannelSession::broken)) {
      Tunnel error = open("error");
      if (options.stdin()) {
        stdin = Optional.of(open("stdin"));
      }
      if (options.stdout()) {
        Tunnel stdout = open("stdout");
        outputs.add(scope.start("stdout", () -> carry(stdout, STDOUT)));
      }
      if (options.stderr() && !options.tty()) {
        Tunnel stderr = open("stderr");
        outputs.add(scope.start("stderr", () -> carry(stderr, STDERR)));
      }
      if (options.tty()) {
        resize = Optional.of(open("resize"));
      }
      client.send(new byte[] {(byte) (options.stdout() ? STDOUT : ERROR)}); // it has begun
      scope.start("stdin", this::readClient);
      for (Thread output : outputs) {
        output.join();
      }
      carry(error, ERROR); // last: a client stops listening when it has the Status
      client.finish();
      runtime.close();
      client.close(); // wakes the reader, for which the scope waits
    }
  }

  private static void broken(String task, Throwable cause) {
    LOG.log(System.Logger.Level.DEBUG, "session ended task={0} cause={1}", task, cause);
  }

  private Tunnel open(String type) throws IOException {
    return runtime.open(Headers.of("streamtype", type));
  }

  private void carry(Tunnel from, int channel) throws IOException {
    for (byte[] piece = from.read(); piece != null; piece = from.read()) {
      byte[] message = new byte[piece.length + 1];
      message[0] = (byte) channel;
      System.arraycopy(piece, 0, message, 1, piece.length);
      client.send(message);
    }
  }

  private void readClient() throws IOException {
    try {
      for (byte[] message = client.read(); message != null; message = client.read()) {
        if (message.length > 0) {
          receive(message);
        }
      }
    } finally {
      runtime.close(); // the client is gone: so is its command's input, and nobody reads
    }
  }

  private void receive(byte[] message) throws IOException {
    byte[] bytes = Arrays.copyOfRange(message, 1, message.length);
    switch (message[0] & 0xFF) {
      case STDIN -> send(stdin, bytes);
      case RESIZE -> send(resize, bytes);
      case CLOSE -> {
        if (bytes.length > 0 && bytes[0] == STDIN) {
          stdin.ifPresent(Tunnel::finish);
        }
      }
      default -> {} // a client sends nothing else
    }
  }

  private static void send(Optional<Tunnel> to, byte[] bytes) throws IOException {
    if (to.isPresent() && bytes.length > 0) {
      to.get().write(bytes);
    }
  }
}
