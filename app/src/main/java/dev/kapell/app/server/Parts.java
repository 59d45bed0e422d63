package dev.kapell.app.server;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/** Parts of a running whole, closed in the reverse order of their start. One thread. */
final class Parts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.app");

  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /** Remembers {@code part} and returns it. */
  <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  /** Closes every part; one that fails does not keep the others from closing. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        LOG.log(Level.WARNING, "interrupted while closing " + part.getClass().getSimpleName());
      } catch (Exception e) {
        LOG.log(Level.ERROR, "closing " + part.getClass().getSimpleName() + " failed", e);
      }
    }
  }
}
