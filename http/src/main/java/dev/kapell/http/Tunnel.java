package dev.kapell.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection after an upgrade: bytes both ways. One thread reads, one writes, any closes. */
public interface Tunnel extends AutoCloseable {
  /** The next bytes, null when the other end has finished; waits for them. */
  byte @Nullable [] read() throws IOException;

  /** Sends {@code bytes}; waits while the other end is slow, fails when it is gone. */
  void write(byte[] bytes) throws IOException;

  /** Says that nothing more will be written (over TLS this ends both directions). */
  void finish();

  @Override
  void close();
}
