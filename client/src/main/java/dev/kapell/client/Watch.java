package dev.kapell.client;

import dev.kapell.api.ApiObject;

/** A running watch. One thread reads; any thread may close. */
public interface Watch<T extends ApiObject> extends AutoCloseable {
  /**
   * The next event; waits for it.
   *
   * @throws ApiFailure {@link ApiFailure#isExpired} when the watch fell behind and the caller has
   *     to list again
   * @throws WatchClosedException when the stream ended; watch again from the last revision seen
   */
  WatchEvent<T> next() throws InterruptedException;

  @Override
  void close();
}
