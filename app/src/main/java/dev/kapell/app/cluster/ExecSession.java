package dev.kapell.app.cluster;

import dev.kapell.api.JsonCodec;
import dev.kapell.app.terminal.UserError;
import dev.kapell.app.tree.Tree;
import dev.kapell.client.http.Connection;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One command in a container over a WebSocket, protocol {@code v5.channel.k8s.io}: the first byte
 * of a message is its channel, 0 standard input, 1 output, 2 error, 3 the final {@code Status}; 255
 * ends the channel that follows. Callbacks come one at a time; writes are the reader thread's.
 */
public final class ExecSession implements WebSocket.Listener {
  private static final String PROTOCOL = "v5.channel.k8s.io";

  /** Cannot end standard input. */
  private static final String OLD_PROTOCOL = "v4.channel.k8s.io";

  private static final byte STDIN = 0;
  private static final byte CLOSE = (byte) 255;
  private static final int BUFFER_BYTES = 8192;

  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private int channel = -1;
  private final java.io.ByteArrayOutputStream status = new java.io.ByteArrayOutputStream();

  private ExecSession() {}

  /** Runs what {@code path} names and returns its exit code. */
  public static int run(Connection connection, String path, boolean stdin, boolean tty)
      throws InterruptedException {
    ExecSession session = new ExecSession();
    boolean raw = tty && stty("raw", "-echo");
    try {
      WebSocket socket = connection.webSocket(path, List.of(PROTOCOL, OLD_PROTOCOL), session);
      if (stdin) {
        Thread.ofPlatform().daemon().name("exec-stdin").start(() -> session.pump(socket));
      }
      return session.exitCode.get();
    } catch (ExecutionException e) {
      throw new UserError("the session broke off: " + e.getMessage());
    } finally {
      if (raw) {
        stty("sane");
      }
    }
  }

  private static boolean stty(String... how) throws InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("stty"));
    command.addAll(List.of(how));
    try {
      return new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no stty: the terminal stays in line mode
    }
  }

  private void pump(WebSocket socket) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      for (int read = System.in.read(buffer, 1, buffer.length - 1);
          read >= 0;
          read = System.in.read(buffer, 1, buffer.length - 1)) {
        buffer[0] = STDIN;
        socket.sendBinary(ByteBuffer.wrap(buffer, 0, read + 1), true).join();
      }
      if (socket.getSubprotocol().equals(PROTOCOL)) {
        socket.sendBinary(ByteBuffer.wrap(new byte[] {CLOSE, STDIN}), true).join();
      }
    } catch (IOException | CompletionException e) {
      exitCode.completeExceptionally(e); // nothing new when the command has ended meanwhile
    }
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    if (channel < 0 && data.hasRemaining()) {
      channel = data.get();
    }
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    switch (channel) {
      case 1 -> print(System.out, bytes);
      case 2 -> print(System.err, bytes);
      case 3 -> status.writeBytes(bytes);
      default -> {}
    }
    if (last) {
      if (channel == 3 && status.size() > 0) {
        finish();
      }
      channel = -1;
    }
    socket.request(1);
    return null;
  }

  private static void print(PrintStream to, byte[] bytes) {
    to.write(bytes, 0, bytes.length);
    to.flush();
  }

  private void finish() {
    Object answer = JsonCodec.readTree(status.toByteArray());
    if (Tree.text(answer, "status").equals("Success")) {
      exitCode.complete(0);
      return;
    }
    for (Object cause : Tree.list(answer, "details", "causes")) {
      if (Tree.text(cause, "reason").equals("ExitCode")) {
        exitCode.complete(Integer.parseInt(Tree.text(cause, "message")));
        return;
      }
    }
    byte[] message = (Tree.text(answer, "message") + "\n").getBytes(StandardCharsets.UTF_8);
    print(System.err, message);
    exitCode.complete(1);
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    exitCode.complete(code == WebSocket.NORMAL_CLOSURE ? 0 : 1);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    exitCode.completeExceptionally(error);
  }
}
