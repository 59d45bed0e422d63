package dev.kapell.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Compression of large answers, at the fastest level. Clients on this machine get none: there is no
 * wire to relieve, and deflating a list costs more than sending it.
 */
final class Gzip {
  private static final int PIECE_BYTES = 64 << 10;

  private Gzip() {}

  static boolean fits(Exchange exchange, Headers answer, long bytes, int fromBytes) {
    return bytes >= fromBytes
        && !isLocal(exchange.remoteAddress())
        && answer.first("Content-Encoding").isEmpty()
        && accepts(exchange.headers());
  }

  private static boolean isLocal(InetSocketAddress client) {
    return client.getAddress() != null && client.getAddress().isLoopbackAddress();
  }

  private static boolean accepts(Headers request) {
    for (String value : request.all("Accept-Encoding")) {
      for (String coding : value.split(",", -1)) {
        String[] parts = coding.strip().split(";", 2);
        boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
        if (parts[0].strip().equalsIgnoreCase("gzip") && !refused) {
          return true;
        }
      }
    }
    return false;
  }

  static List<byte[]> compress(List<byte[]> segments) {
    Pieces pieces = new Pieces();
    try (OutputStream gzip = new Fastest(pieces)) {
      for (byte[] segment : segments) {
        gzip.write(segment);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pieces.take();
  }

  private static final class Fastest extends GZIPOutputStream {
    Fastest(OutputStream target) throws IOException {
      super(target, PIECE_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /** Collects what is written in pieces, so that nothing large is copied as it grows. */
  private static final class Pieces extends OutputStream {
    private final List<byte[]> full = new ArrayList<>();
    private ByteArrayOutputStream current = new ByteArrayOutputStream(PIECE_BYTES);

    @Override
    public void write(int b) {
      current.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      current.write(bytes, offset, length);
      if (current.size() >= PIECE_BYTES) {
        full.add(current.toByteArray());
        current = new ByteArrayOutputStream(PIECE_BYTES);
      }
    }

    List<byte[]> take() {
      if (current.size() > 0) {
        full.add(current.toByteArray());
      }
      return full;
    }
  }
}
