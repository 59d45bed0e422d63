package dev.kapell.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends exactly what it is told. */
final class RawClient implements AutoCloseable {
  private final Socket socket;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads until {@code end} has come, and returns everything up to there. */
  String readUntil(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return text + "<EOF>";
      }
      text.append((char) next);
    }
    return text.toString();
  }

  /** Everything until the server closes. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Reads to the end with a pause after each {@code bytes}; returns how much came. */
  long readSlowly(int bytes, int pauseMillis) throws IOException, InterruptedException {
    long all = 0;
    byte[] piece = socket.getInputStream().readNBytes(bytes);
    while (piece.length > 0) {
      all += piece.length;
      Thread.sleep(pauseMillis);
      piece = socket.getInputStream().readNBytes(bytes);
    }
    return all;
  }

  void finish() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
