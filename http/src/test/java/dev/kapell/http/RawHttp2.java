package dev.kapell.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** An HTTP/2 client that sends frames as it is told, sensible or not. */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  /** {@code GET https://x/} from the static table of HPACK. */
  static final byte[] GET = {(byte) 0x82, (byte) 0x87, (byte) 0x84, 0x41, 1, 'x'};

  private final Socket wire;
  private final SSLSocket socket;

  RawHttp2(SSLContext tls, int port) throws IOException {
    wire = new Socket(InetAddress.getLoopbackAddress(), port);
    socket = (SSLSocket) tls.getSocketFactory().createSocket(wire, "localhost", port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(frame(SETTINGS, 0, 0, new byte[0]));
  }

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    return frame.array();
  }

  static byte[] times(int count, byte[] bytes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  /** Breaks off without a word of farewell. */
  void reset() throws IOException {
    wire.setSoLinger(true, 0);
    wire.close();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends until the server hangs up; fails when it does not for {@code most} times. */
  void sendUntilRefused(byte[] bytes, int most) throws IOException {
    try {
      for (int i = 0; i < most; i++) {
        send(bytes);
      }
      readToEnd();
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the server puts up with it", e);
    } catch (IOException refused) {
      // what is wanted
    }
  }

  /** Reads until the server hangs up. */
  void readToEnd() throws IOException {
    byte[] buffer = new byte[16 << 10];
    while (socket.getInputStream().read(buffer) >= 0) {
      // only the end counts
    }
  }

  /** The type of the next frame on {@code stream}, skipping those on others. */
  int next(int stream) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    while (true) {
      int length = (in.readUnsignedByte() << 16) + in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.readUnsignedByte();
      int from = in.readInt();
      in.readFully(new byte[length]);
      if (from == stream) {
        return type;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
