package dev.kapell.store;

import dev.kapell.base.TaskScope;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bounds of a store, and where it reports what nobody asked it for.
 *
 * @param historyEvents how many changes of one table can be watched from the past
 * @param historyBytes how many bytes of replaced values all tables together keep for that; the
 *     table that holds most gives first
 * @param queueTransactions how many transactions wait for the writer before callers block
 * @param queueBytes how many bytes those transactions carry at most
 * @param nativeCache a folder that keeps the database's native library between starts; empty: it is
 *     unpacked into the temporary folder at each start
 * @param atRest how values look on the medium
 * @param failures told when the writer or a watcher's callback throws: a bug
 */
public record StoreOptions(
    int historyEvents,
    long historyBytes,
    int queueTransactions,
    long queueBytes,
    Optional<Path> nativeCache,
    AtRest atRest,
    TaskScope.Failures failures) {

  /** Refuses bounds that are not positive. */
  public StoreOptions {
    if (historyEvents < 1 || historyBytes < 1 || queueTransactions < 1 || queueBytes < 1) {
      throw new IllegalArgumentException("the bounds of a store are at least 1");
    }
  }

  /** 10,000 events a table, 32 MiB of history, 1,024 waiting transactions of 32 MiB. */
  public static StoreOptions defaults() {
    return new StoreOptions(
        10_000, 32L << 20, 1024, 32L << 20, Optional.empty(), AtRest.PLAIN, StoreOptions::log);
  }

  /** These options with other bounds of the history. */
  public StoreOptions withHistory(int events, long bytes) {
    return new StoreOptions(
        events, bytes, queueTransactions, queueBytes, nativeCache, atRest, failures);
  }

  /** These options with other bounds of the queue. */
  public StoreOptions withQueue(int transactions, long bytes) {
    return new StoreOptions(
        historyEvents, historyBytes, transactions, bytes, nativeCache, atRest, failures);
  }

  /** These options with a folder for the native library. */
  public StoreOptions withNativeCache(Path folder) {
    return new StoreOptions(
        historyEvents,
        historyBytes,
        queueTransactions,
        queueBytes,
        Optional.of(folder),
        atRest,
        failures);
  }

  /** These options with values kept as {@code form} says. */
  public StoreOptions withAtRest(AtRest form) {
    return new StoreOptions(
        historyEvents, historyBytes, queueTransactions, queueBytes, nativeCache, form, failures);
  }

  /** These options with another place for failures. */
  public StoreOptions withFailures(TaskScope.Failures to) {
    return new StoreOptions(
        historyEvents, historyBytes, queueTransactions, queueBytes, nativeCache, atRest, to);
  }

  private static void log(String task, Throwable cause) {
    System.getLogger("kapell.store").log(Level.ERROR, "task=" + task + " failed", cause);
  }
}
