package dev.kapell.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketServerTest {
  private static final Handler ECHO =
      exchange -> {
        assertThat(WebSocketServer.offered(exchange)).containsExactly("new", "old");
        try (WebSocketServer socket = WebSocketServer.accept(exchange, "old")) {
          byte[] message = socket.read();
          if (message != null) {
            socket.send(message);
          }
          socket.finish();
        }
      };

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 1_000_000})
  void aMessageOfAnySizeGoesThereAndBack(int size) throws Exception {
    byte[] sent = new byte[size];
    for (int i = 0; i < size; i++) {
      sent[i] = (byte) i;
    }
    Echo echo = new Echo();
    try (HttpServer server = HttpServer.start("test", ServerOptions.at("127.0.0.1", 0), ECHO);
        HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .subprotocols("new", "old")
              .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/"), echo)
              .join();
      assertThat(socket.getSubprotocol()).isEqualTo("old");
      socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
      socket.sendBinary(ByteBuffer.wrap(sent, 0, size / 2), false).join();
      socket.sendBinary(ByteBuffer.wrap(sent, size / 2, size - size / 2), true).join();
      assertThat(echo.closed.get(20, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }
    assertThat(echo.received.toByteArray()).isEqualTo(sent);
  }

  private static final class Echo implements WebSocket.Listener {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      received.writeBytes(bytes);
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
