package dev.kapell.testkit;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started, closed in the reverse order. Each part is closed once. */
final class Parts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("kapell.testkit");

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  synchronized <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /** Closes all, also when one fails. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.log(Level.ERROR, "closing " + part.getClass().getSimpleName() + " failed", e);
      }
    }
  }
}
