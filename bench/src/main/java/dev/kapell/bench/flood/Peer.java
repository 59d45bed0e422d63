package dev.kapell.bench.flood;

import dev.kapell.bench.Dice;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection that sends what it is told, sensible or not. One thread; anybody may close it. */
final class Peer implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RESET = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int WHOLE = END_STREAM | END_HEADERS;

  private static final int PATIENCE_MILLIS = 20_000;
  private static final int HEAD = 9;

  private final Socket socket;

  private Peer(Socket socket) {
    this.socket = socket;
  }

  /** TCP and nothing else. */
  static Peer tcp(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    return new Peer(socket);
  }

  /** TLS, with HTTP/1.1 agreed upon. */
  static Peer http1(SSLContext tls, int port) throws IOException {
    return secure(tls, port, "http/1.1");
  }

  /** TLS, with HTTP/2 agreed upon, and both prefaces sent. */
  static Peer http2(SSLContext tls, int port, byte[] settings) throws IOException {
    Peer peer = secure(tls, port, "h2");
    peer.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    peer.send(frame(SETTINGS, 0, 0, settings));
    return peer;
  }

  /** The same, as the administrator or as nobody. */
  static Peer http2(Target target, Dice dice) throws IOException {
    return http2(
        dice.percent(50) ? target.admin() : target.anonymous(), target.port(), new byte[0]);
  }

  private static Peer secure(SSLContext tls, int port, String protocol) throws IOException {
    Socket plain = tcp(port).socket;
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new Peer(socket);
  }

  /** A frame of HTTP/2 (RFC 9113, 4.1). */
  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(HEAD + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** A number of four bytes, as in RST_STREAM and WINDOW_UPDATE. */
  static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** Headers of a request: method and scheme from HPACK's table, path and authority as they are. */
  static byte[] head(boolean post, String path) {
    return ByteBuffer.allocate(path.length() + 7)
        .put((byte) (post ? 0x83 : 0x82))
        .put((byte) 0x87)
        .put(new byte[] {0x04, (byte) path.length()})
        .put(path.getBytes(StandardCharsets.US_ASCII))
        .put(new byte[] {0x41, 1, 'x'})
        .array();
  }

  void send(byte[]... pieces) throws IOException {
    for (byte[] piece : pieces) {
      socket.getOutputStream().write(piece);
    }
    socket.getOutputStream().flush();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends {@code bytes} so many times, then reads until the server hangs up. */
  Attack.End press(byte[] bytes, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      send(bytes);
    }
    return readToEnd();
  }

  /** Reads until the server hangs up. */
  Attack.End readToEnd() throws IOException {
    byte[] buffer = new byte[16 << 10];
    while (socket.getInputStream().read(buffer) >= 0) {
      // only the end counts
    }
    return Attack.End.HUNG_UP;
  }

  /** The first line of an answer of HTTP/1.1, as an end. */
  Attack.End answer() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = socket.getInputStream().read(); next != '\n'; ) {
      if (next < 0) {
        return Attack.End.HUNG_UP;
      }
      line.append((char) next);
      next = socket.getInputStream().read();
    }
    return line.indexOf(" 4") > 0 ? Attack.End.REFUSED : Attack.End.SERVED;
  }

  /** How the server takes {@code stream}: it answers, refuses it, or gives the connection up. */
  Attack.End outcome(int stream) throws IOException {
    int type = await(stream, Set.of(HEADERS, RESET));
    return type == HEADERS ? Attack.End.SERVED : Attack.End.REFUSED;
  }

  /** Reads until the server gives {@code stream} up. */
  Attack.End resetOf(int stream) throws IOException {
    await(stream, Set.of(RESET));
    return Attack.End.REFUSED;
  }

  /** Whether an answer on {@code stream} comes within so many milliseconds. */
  boolean hears(int stream, int millis) throws IOException {
    try {
      socket.setSoTimeout(millis);
      await(stream, Set.of(HEADERS, RESET));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  /** The type of the first frame of {@code types} on {@code stream}; fails when there is none. */
  private int await(int stream, Set<Integer> types) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    while (true) {
      int first = in.readInt();
      in.readByte();
      int from = in.readInt();
      in.readFully(new byte[first >>> 8]);
      int type = first & 0xff;
      if (from == stream && types.contains(type)) {
        return type;
      }
    }
  }

  /** Says that nothing more will come, and reads on. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Breaks off without a word of farewell. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Whether the server still holds on; waits so long for news at most. */
  boolean isHeld(int millis) {
    try {
      socket.setSoTimeout(millis);
      byte[] buffer = new byte[16 << 10];
      while (socket.getInputStream().read(buffer) >= 0) {
        // what comes is thrown away
      }
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
