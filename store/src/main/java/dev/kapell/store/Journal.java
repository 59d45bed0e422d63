package dev.kapell.store;

import java.time.Duration;
import java.util.List;

/**
 * Where a store's changes outlive the process. Called by one thread at a time: the opener, then the
 * writer.
 */
interface Journal extends AutoCloseable {

  /**
   * Reads everything that is kept into {@code replay}; called once, first.
   *
   * @throws StoreException when the medium cannot be read
   */
  void load(Replay replay);

  /**
   * Writes {@code events} and forgets {@code garbage}: all of it, durable when the call returns, or
   * nothing.
   *
   * @throws StoreException when the medium fails
   */
  void append(List<Event> events, Garbage garbage);

  /**
   * For how long a commit is worth waiting for other writers to share it, when there are some; zero
   * where a commit costs nothing.
   */
  default Duration gathering() {
    return Duration.ZERO;
  }

  /**
   * Writes what is kept in an old form again; see {@link Store#reseal}.
   *
   * @return how many values that were
   * @throws StoreException when the medium fails; what was done stays done
   */
  default int reseal() {
    return 0;
  }

  @Override
  void close();
}
