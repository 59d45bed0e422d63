package dev.kapell.bench.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 that sends exactly what it is told, over TLS. One thread. */
public final class Wire implements AutoCloseable {
  private static final int STALL_MILLIS = 20_000;

  /** Never endless, whatever was asked for. */
  private static final int REFUSAL = 400;

  private final SSLContext tls;
  private final int port;
  private @Nullable Socket socket;
  private @Nullable InputStream in;

  /** Connects to this machine with its first request. */
  public Wire(SSLContext tls, int port) {
    this.tls = tls;
    this.port = port;
  }

  /** What came back; code 0: the server closed without an answer. */
  public record Answer(int code, byte[] body) {}

  /**
   * Sends and reads the whole answer.
   *
   * @throws java.net.SocketTimeoutException when nothing comes for 20 seconds
   */
  public Answer send(Sample sample) throws IOException {
    try {
      Socket open = open();
      open.getOutputStream().write(sample.head());
      open.getOutputStream().write(sample.body());
      open.getOutputStream().flush();
      Answer answer = read(sample);
      if (sample.hangUp()) {
        close();
      }
      return answer;
    } catch (java.net.SocketTimeoutException e) {
      throw e;
    } catch (IOException closed) {
      close();
      return new Answer(0, new byte[0]);
    }
  }

  private Socket open() throws IOException {
    Socket known = socket;
    if (known != null) {
      return known;
    }
    Socket plain = new Socket();
    plain.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), STALL_MILLIS);
    Socket fresh = tls.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    fresh.setSoTimeout(STALL_MILLIS);
    fresh.setTcpNoDelay(true);
    socket = fresh;
    in = new BufferedInputStream(fresh.getInputStream(), 64 << 10);
    return fresh;
  }

  private InputStream input() throws IOException {
    InputStream open = in;
    if (open == null) {
      throw new EOFException("closed");
    }
    return open;
  }

  private Answer read(Sample sample) throws IOException {
    int code;
    long length = -1;
    boolean chunked = false;
    boolean close = false;
    do {
      String first = line();
      code = Integer.parseInt(first.split(" ", -1)[1]);
      for (String line = line(); !line.isEmpty(); line = line()) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Long.parseLong(line.substring(15).strip());
        }
        chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        close |= lower.startsWith("connection:") && lower.contains("close");
      }
    } while (code == 100);
    boolean empty = sample.method().equals("HEAD") || code == 204 || code == 304 || code == 101;
    byte[] body = new byte[0];
    if (!empty && (!sample.hangUp() || code >= REFUSAL)) {
      body = chunked ? chunks() : input().readNBytes((int) Math.max(0, length));
    }
    if (close || code == 101) {
      close();
    }
    return new Answer(code, body);
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().split(";", -1)[0].strip(), 16);
      all.writeBytes(input().readNBytes(size));
      line();
      if (size == 0) {
        return all.toByteArray();
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    for (int next = input().read(); next != '\n'; next = input().read()) {
      if (next < 0) {
        throw new EOFException("the server closed");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    Socket open = socket;
    socket = null;
    in = null;
    if (open != null) {
      open.close();
    }
  }
}
