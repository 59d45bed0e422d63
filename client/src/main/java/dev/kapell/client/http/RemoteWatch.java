package dev.kapell.client.http;

import dev.kapell.api.ApiObject;
import dev.kapell.api.Codec;
import dev.kapell.client.Watch;
import dev.kapell.client.WatchClosedException;
import dev.kapell.client.WatchEvent;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A watch as one long answer: a line of JSON for each event. One thread reads, any may close. */
final class RemoteWatch<T extends ApiObject> implements Watch<T> {
  private static final int BUFFER = 16 << 10;
  private static final int MAX_LINE = 16 << 20;

  private final Codec<T> codec;
  private final Connection.Stream stream;
  private final InputStream body;
  private volatile boolean closed;

  RemoteWatch(Codec<T> codec, Connection.Stream stream) {
    this.codec = codec;
    this.stream = stream;
    this.body = new BufferedInputStream(stream.body(), BUFFER);
  }

  @Override
  public WatchEvent<T> next() throws InterruptedException {
    try {
      while (true) {
        Optional<WatchEvent<T>> event = Envelopes.event(codec, line());
        if (event.isPresent()) {
          return event.get();
        }
      }
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while watching");
      }
      throw new WatchClosedException(
          closed ? "the watch was closed" : String.valueOf(e.getMessage()));
    }
  }

  private byte[] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = body.read(); next != '\n'; next = body.read()) {
      if (next < 0) {
        throw new IOException("the server ended the watch");
      }
      line.write(next);
      if (line.size() > MAX_LINE) {
        throw new IOException("an event of more than " + MAX_LINE + " bytes");
      }
    }
    return line.toByteArray();
  }

  @Override
  public void close() {
    closed = true;
    try {
      stream.close();
    } catch (IOException e) {
      return; // it has ended already, which is what was wanted
    }
  }
}
