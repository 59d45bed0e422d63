package dev.kapell.http;

/**
 * A body that the event loop takes while the connection is writable, so that a stream with nothing
 * to say holds no thread. After {@link #start} every call comes from one event loop, and none may
 * block.
 */
public interface Pushed {
  /** What {@link #poll} found. */
  enum State {
    /** Something was written, there may be more. */
    MORE,
    /** Nothing now; the source wakes the loop when there is. */
    IDLE,
    /** The body ends here. */
    END
  }

  /** Where a source puts its bytes. */
  @FunctionalInterface
  interface Sink {
    /** Sends {@code bytes}, which nobody may change any more. */
    void write(byte[] bytes);
  }

  /** Called once, before the first poll; {@code wake} may be called from any thread, often. */
  void start(Runnable wake);

  /**
   * Writes the next piece, some tens of KiB at most, to {@code sink}. An exception breaks the
   * connection.
   */
  State poll(Sink sink);

  /** Called once, when the body has ended or the client is gone. */
  void close();
}
